package io.github.mirrorctl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** A command and the arguments that it takes; called once those have their values, for the exit code. */
interface Subcommand extends Callable<Integer> {
    Arguments arguments();

    /** The command for picocli, by the name that a command line calls it. */
    default CommandSpec spec(String name) {
        return arguments().spec(name, this);
    }
}
