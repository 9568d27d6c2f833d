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
        String digits = lower.replaceFirst("(ms|s|m)$", "");
        String unit = lower.substring(digits.length());
        try {
            double number = Double.parseDouble(digits);
            double millis =
                    switch (unit) {
                        case "ms" -> number;
                        case "m" -> number * 60_000;
                        default -> number * 1000;
                    };
            if (millis >= 0 && millis <= Integer.MAX_VALUE) {
                return Duration.ofMillis(Math.round(millis));
            }
        } catch (NumberFormatException e) {
            // answered below, as a number out of range is
        }
        throw new TypeConversionException("500ms, 5s, 2m");
    }
}
