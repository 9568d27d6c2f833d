package io.github.mirrorctl.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page of a command: what its help says, and what {@code manual.properties} adds to it. Written as roff by our
 * own hand, since picocli's generator writes AsciiDoc, and the converter of that would be the largest tool of the build.
 *
 * @param version of the program
 * @param date of the catalog, so that two builds of a commit agree
 * @param all the commands, for those that see one another
 * @param manual the texts beyond the help, in the language of the help
 */
record ManPage(CommandTree command, String version, String date, List<CommandTree> all, ResourceBundle manual) {
    /** What may be broken behind its punctuation, since a terminal may have 40 columns. */
    private static final Pattern LONG_WORD = Pattern.compile("[!-~]{17,}");

    private static final Pattern BREAKABLE = Pattern.compile("(?<=[/=|,.:_*-])(?=[^/=|,.:_*\\s-])");

    private static final String BREAK_HERE = "\u200b";

    /**
     * A line of Chinese may end behind every character but before closing and behind opening marks. We say so at each place,
     * since groff's own way to be told so once (cflags) lets it run for ever where a line is too narrow.
     */
    private static final Pattern BETWEEN_IDEOGRAPHS = Pattern.compile(
            "(?<=[\\x{4e00}-\\x{9fff}，。：；！？、）》”])(?=[^\\s\u200b，。：；！？、）》”])|(?<=[^\\s\u200b（《“])(?=[\\x{4e00}-\\x{9fff}（《“])");

    /** Such as {@code mirrorctl-catalog-add}. */
    String name() {
        return name(command);
    }

    private static String name(CommandTree command) {
        return ("mirrorctl " + command.path()).strip().replace(' ', '-');
    }

    /** What the texts of this page are found by. */
    private String key() {
        return command.path().isEmpty() ? "mirrorctl" : command.path().replace(' ', '-');
    }

    String roff() {
        StringBuilder page = new StringBuilder();
        page.append("'\\\" -*- coding: UTF-8 -*-\n");
        page.append(".\\\" Made from the program's help; do not edit.\n");
        page.append(".TH %s 1 %s \"mirrorctl %s\" \"\"\n".formatted(escaped(title()), escaped(date), escaped(version)));
        page.append(".nh\n.ad l\n");
        section(page, "name").append(escaped(name())).append(" \\- ").append(paragraph(summary()));
        section(page, "synopsis").append(synopsis());
        section(page, "description").append(description());
        commands(page);
        options(page);
        exitStatus(page);
        described(page, "files");
        described(page, "environment");
        section(page, "examples");
        numbered("examples." + key()).forEach(example -> item(page, bold(before(example)), behind(example)));
        section(page, "see-also").append(seeAlso());
        return page.toString();
    }

    /** It stands in both corners, so that it has half the width of a terminal. */
    private String title() {
        return (name().length() > 16 ? "mirrorctl" : name()).toUpperCase(Locale.ROOT);
    }

    private StringBuilder section(StringBuilder page, String name) {
        return page.append(".SH \"").append(text("section." + name)).append("\"\n");
    }

    /** As whatis lists it: without a capital letter. */
    private String summary() {
        String summary = command.summary();
        return summary.substring(0, 1).toLowerCase(Locale.ROOT) + summary.substring(1);
    }

    private String synopsis() {
        StringBuilder line = new StringBuilder(bold(name().replace('-', ' ')));
        line.append(" [\\fI").append(escaped("OPTION")).append("\\fR]...");
        for (PositionalParamSpec argument : command.arguments()) {
            String label = "\\fI" + breakable(argument.paramLabel()) + "\\fR";
            String several = argument.arity().max() > 1 ? label + "..." : label;
            line.append(argument.arity().min() == 0 ? " [" + several + "]" : " " + several);
        }
        if (!command.children().isEmpty()) {
            line.append(" \\fICOMMAND\\fR");
        }
        return line.append('\n').toString();
    }

    private String description() {
        return numbered("description." + key()).stream().map(this::paragraph).collect(Collectors.joining(".PP\n"));
    }

    private void commands(StringBuilder page) {
        if (command.children().isEmpty()) {
            return;
        }
        section(page, "commands");
        for (CommandTree child : command.children()) {
            item(page, "\\fB" + escaped(name(child)) + "\\fR(1)", child.summary());
        }
    }

    private void options(StringBuilder page) {
        section(page, "options");
        for (PositionalParamSpec argument : command.arguments()) {
            item(page, "\\fI" + breakable(argument.paramLabel()) + "\\fR", CommandTree.description(argument));
        }
        List<OptionSpec> own = new ArrayList<>();
        List<OptionSpec> inherited = new ArrayList<>();
        command.options().forEach(option -> (option.inherited() ? inherited : own).add(option));
        own.forEach(option -> item(page, label(option), CommandTree.description(option)));
        if (!inherited.isEmpty()) {
            page.append(".SS \"").append(text("section.global")).append("\"\n");
            inherited.forEach(option -> item(page, label(option), CommandTree.description(option)));
        }
    }

    private static String label(OptionSpec option) {
        String names = List.of(option.names()).stream().map(ManPage::bold).collect(Collectors.joining(", "));
        return CommandTree.takesValue(option) ? names + "=\\fI\\:" + breakable(option.paramLabel()) + "\\fR" : names;
    }

    private void exitStatus(StringBuilder page) {
        section(page, "exit-status");
        CommandSpec spec = command.spec();
        spec.usageMessage().exitCodeList().forEach((code, meaning) -> item(page, bold(code), meaning));
    }

    private void described(StringBuilder page, String family) {
        String keys = text("pages." + key() + "." + family);
        if (keys.isEmpty()) {
            return;
        }
        section(page, family);
        for (String one : keys.split(" ", -1)) {
            String entry = text(family + "." + one);
            item(page, bold(before(entry)), behind(entry));
        }
    }

    private static String before(String entry) {
        return entry.substring(0, entry.lastIndexOf('|'));
    }

    private static String behind(String entry) {
        return entry.substring(entry.lastIndexOf('|') + 1);
    }

    /** The program, what is above and below and beside, and Docker's own. */
    private String seeAlso() {
        String above = name().substring(0, Math.max(0, name().lastIndexOf('-')));
        List<String> pages = new ArrayList<>();
        for (CommandTree other : all) {
            String its = name(other);
            boolean isNear = its.equals(above)
                    || its.substring(0, Math.max(0, its.lastIndexOf('-'))).equals(above)
                    || its.startsWith(name() + "-");
            if (isNear && !its.equals(name())) {
                pages.add("\\fB" + escaped(its) + "\\fR(1)");
            }
        }
        pages.add("\\fBdocker\\-pull\\fR(1)");
        pages.add("\\fBdockerd\\fR(8)");
        return String.join(",\n", pages) + "\n";
    }

    private List<String> numbered(String key) {
        List<String> texts = new ArrayList<>();
        for (int i = 1; manual.containsKey(key + "." + i); i++) {
            texts.add(text(key + "." + i));
        }
        return texts;
    }

    private String text(String key) {
        return manual.getString(key);
    }

    // ---- roff ----

    private void item(StringBuilder page, String label, String text) {
        page.append(".TP\n").append(label).append('\n').append(paragraph(text));
    }

    /** In one line, since where the source breaks a line a blank would come between Chinese characters. */
    private String paragraph(String text) {
        return breakable(text) + "\n";
    }

    private static String bold(String text) {
        return "\\fB" + breakable(text) + "\\fR";
    }

    private static String breakable(String text) {
        String ofWords = LONG_WORD
                .matcher(text)
                .replaceAll(word ->
                        Matcher.quoteReplacement(BREAKABLE.matcher(word.group()).replaceAll(BREAK_HERE)));
        return escaped(BETWEEN_IDEOGRAPHS.matcher(ofWords).replaceAll(BREAK_HERE));
    }

    /** Hyphens are those that one types; nothing begins a request. */
    private static String escaped(String text) {
        String safe = text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("~", "\\(ti")
                .replace("^", "\\(ha")
                .replace("`", "\\(ga")
                .replace("'", "\\(aq")
                .replace(BREAK_HERE, "\\:");
        return safe.startsWith(".") ? "\\&" + safe : safe;
    }
}
