package io.github.mirrorctl.cli;

import java.util.concurrent.Callable;

/** A command and the arguments that it takes; called once those have their values, for the exit code. */
interface Subcommand extends Callable<Integer> {
    Arguments arguments();
}
