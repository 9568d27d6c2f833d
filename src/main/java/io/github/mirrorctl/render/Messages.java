package io.github.mirrorctl.render;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.Bilingual;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.Reason;
import io.github.mirrorctl.task.Pasting;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.stream.Stream;

/**
 * The sentences of one language. They are patterns of {@code java.text.MessageFormat}, of which they use places like
 * {@code {0}} and the doubled apostrophe, and are filled by hand, since loading that class costs a start more. Arguments
 * are texts already.
 */
public final class Messages {
    private static final int LONGEST_ARGUMENT = 2000;
    /** Stands behind a command of ours, for what it needs in order to mean the same file. */
    private static final String OPTIONS = "{options}";

    private final Locale locale;
    private final ResourceBundle bundle;

    private Messages(Locale locale) {
        this.locale = locale;
        // By name, since the usual search would give a Chinese machine that is asked for English its Chinese.
        this.bundle = Sentences.of(locale.equals(Locale.CHINESE) ? "messages_zh.properties" : "messages.properties");
    }

    /** The sentences for readers of that language; English for all but Chinese. */
    public static Messages of(Locale locale) {
        return new Messages(locale.getLanguage().equals("zh") ? Locale.CHINESE : Locale.ROOT);
    }

    public Locale locale() {
        return locale;
    }

    public ResourceBundle bundle() {
        return bundle;
    }

    /** A text of the catalog in this language. */
    public String in(Bilingual text) {
        return text.in(locale);
    }

    public String text(String key, String... arguments) {
        return format(key, List.of(arguments));
    }

    /** One after the other, as this language sets them apart; nothing where there are none. */
    public String listed(List<String> items) {
        return items.stream()
                .reduce((one, next) -> text("words.and", one, next))
                .orElse("");
    }

    /** A sentence that need not exist. */
    public Optional<String> optional(String key, List<String> arguments) {
        return bundle.containsKey(key) ? Optional.of(format(key, arguments)) : Optional.empty();
    }

    /** What stands before a problem's sentence. A full-width colon brings its own space. */
    public String prefix(Problem.Severity severity) {
        String word = text("prefix." + severity.key());
        return word.endsWith("：") ? word : word + " ";
    }

    public String of(Fault fault) {
        String sentence = format("fault." + fault.code().key(), inWords(fault.arguments(), "reason.", "cause."));
        String whole = fault.isMendable() ? text("fault.mendable", sentence) : sentence;
        return whole.replace(OPTIONS, fault.options());
    }

    /** What led to a fault that has no words of its own as a problem is said as that fault. */
    public String of(Problem problem) {
        String key = "problem." + problem.code();
        return bundle.containsKey(key)
                ? format(key, inWords(problem.arguments(), "verdict.", "cause."))
                : format("fault." + problem.code(), inWords(problem.arguments(), "reason."))
                        .replace(OPTIONS, "");
    }

    /** What to do about a problem, ready to paste where a command does it. */
    public Optional<String> remedy(Problem problem, Pasting pasting) {
        String key = "remedy." + problem.code();
        if (bundle.containsKey(key)) {
            String remedy = format(key, inWords(problem.arguments(), "note."))
                    .replace("{sudo}", pasting.asRoot() ? "sudo " : "")
                    .replace("{sudoedit}", pasting.asRoot() ? "sudoedit" : "vi")
                    .replace(OPTIONS, pasting.options());
            return Optional.of(remedy).filter(text -> !text.isEmpty());
        }
        Optional<String> note = optional("edit." + problem.code(), problem.arguments());
        return problem.place().map(place -> editing(place, note, pasting)).or(() -> note);
    }

    /** What is wrong in a file is mended in an editor, unless a remedy of its own says more. */
    private String editing(Problem.Place place, Optional<String> note, Pasting pasting) {
        String editor = !place.file().startsWith("/") ? "notepad" : pasting.asRoot() ? "sudoedit" : "vi";
        String line = Integer.toString(place.line());
        return note.map(what -> text("remedy.edit-noted", editor, place.file(), line, what))
                .orElseGet(() -> text("remedy.edit", editor, place.file(), line));
    }

    public String of(Reason reason) {
        String sentence = format("reason." + reason.code(), inWords(reason.arguments(), "verdict.", "cause."));
        return reason.further()
                .map(further -> text("reason-and", sentence, of(further)))
                .orElse(sentence);
    }

    /** A mirror's verdict and the reason for it, which in Chinese may be the same words: then once. */
    public String conclusion(ProbeResult result) {
        String verdict = text("verdict." + result.verdict().key());
        return result.reason()
                .map(this::of)
                .map(reason -> reason.startsWith(verdict) ? reason : text("probe.reason", verdict, reason))
                .orElse(verdict);
    }

    /** Some arguments are codes with words of their own: why a file cannot be written, or a mirror's verdict. */
    private List<String> inWords(List<String> arguments, String... families) {
        return arguments.stream()
                .map(argument -> Stream.of(families)
                        .map(family -> family + argument)
                        .filter(bundle::containsKey)
                        .findFirst()
                        .map(bundle::getString)
                        .orElse(argument))
                .toList();
    }

    private String format(String key, List<String> arguments) {
        String pattern = bundle.getString(key);
        String text = withArguments(pattern, arguments).strip();
        boolean lostItsEnd = endsInColon(text) && !endsInColon(pattern);
        return lostItsEnd ? text.substring(0, text.length() - 1).strip() : text;
    }

    private static String withArguments(String pattern, List<String> arguments) {
        if (pattern.indexOf('{') < 0 && pattern.indexOf('\'') < 0) {
            return pattern;
        }
        StringBuilder text = new StringBuilder(pattern.length() + 64);
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int place = c == '{' ? pattern.charAt(i + 1) - '0' : -1;
            if (place >= 0 && place < arguments.size()) {
                text.append(cleaned(arguments.get(place)));
                i += 2;
            } else {
                text.append(c);
                // Of two apostrophes, one.
                i += c == '\'' ? 1 : 0;
            }
        }
        return text.toString();
    }

    private static boolean endsInColon(String text) {
        return text.endsWith(":") || text.endsWith("：");
    }

    /** Without what could move the cursor or hide text, whoever sent it, and not longer than a sentence can be. */
    static String cleaned(String text) {
        return cleaned(text, LONGEST_ARGUMENT);
    }

    /** The same without being cut. */
    static String cleanedWhole(String text) {
        return cleaned(text, Integer.MAX_VALUE);
    }

    private static String cleaned(String text, int longest) {
        if (text.length() <= longest && isPlain(text)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(Math.min(text.length(), longest));
        for (int i = 0; i < text.length() && clean.length() < longest; i++) {
            char c = text.charAt(i);
            clean.append(c == '\n' || c == '\t' || !isSteering(c) ? c : '?');
        }
        return clean.toString();
    }

    /** Most texts are, and asking for each character's type takes long. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    /** What is no text of its own, but does something to what is around it. Persian and emoji need the two joiners. */
    private static boolean isSteering(char c) {
        boolean joins = c == 0x200c || c == 0x200d;
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            case Character.FORMAT -> !joins;
            default -> false;
        };
    }
}
