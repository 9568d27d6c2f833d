package io.github.mirrorctl.cli;

import picocli.CommandLine.Option;

/** The option that every command has. */
final class OutputOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|wide|plain|json",
            descriptionKey = "option.output")
    OutputFormat format = OutputFormat.table;

    /** The format that the arguments ask for, for the case that they cannot be parsed. */
    static OutputFormat guess(String[] args) {
        for (int i = 0; i < args.length; i++) {
            String value = args[i].startsWith("--output=")
                    ? args[i].substring("--output=".length())
                    : args[i].startsWith("-o") && args[i].length() > 2
                            ? args[i].substring(2).replaceFirst("^=", "")
                            : "";
            boolean isSeparate = args[i].equals("-o") || args[i].equals("--output");
            if (value.equals("json") || (isSeparate && i + 1 < args.length && args[i + 1].equals("json"))) {
                return OutputFormat.json;
            }
        }
        return OutputFormat.table;
    }
}
