package io.github.mirrorctl.cli;

import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 5s}, {@code 2m}, and a bare number as seconds. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        String number = lower.replaceFirst("(ms|s|m)$", "");
        int unitMillis =
                switch (lower.substring(number.length())) {
                    case "ms" -> 1;
                    case "m" -> 60_000;
                    default -> 1000;
                };
        // Java would read 5d and 0x1p3 too.
        boolean isDecimal = number.matches("[0-9]+([.][0-9]*)?|[.][0-9]+");
        double millis = isDecimal ? Double.parseDouble(number) * unitMillis : Double.NaN;
        if (millis >= 0 && millis <= Integer.MAX_VALUE) {
            return Duration.ofMillis(Math.round(millis));
        }
        throw new TypeConversionException("500ms, 5s, 2m");
    }
}
