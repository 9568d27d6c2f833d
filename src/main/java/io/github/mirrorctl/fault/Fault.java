package io.github.mirrorctl.fault;

import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that reaches the user without a stack trace. It names what happened by a code and its arguments;
 * the sentence is made from the message bundles where the user's language is known.
 */
public final class Fault extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final FaultCode code;
    private final transient List<String> arguments;
    private final transient List<Problem> problems;
    private final boolean mendable;
    private final String options;

    public Fault(FaultCode code, String... arguments) {
        this(code, List.of(arguments), List.of(), false, "", null);
    }

    private Fault(
            FaultCode code,
            List<String> arguments,
            List<Problem> problems,
            boolean mendable,
            String options,
            @Nullable Throwable cause) {
        super(code.key() + " " + arguments, cause);
        this.code = code;
        this.arguments = List.copyOf(arguments);
        this.problems = List.copyOf(problems);
        this.mendable = mendable;
        this.options = options;
    }

    /** The same fault with what led to it, for the trace that {@code -v} shows. */
    public Fault causedBy(Throwable cause) {
        return new Fault(code, arguments, problems, mendable, options, cause);
    }

    /** The same fault with the places in the user's files that led to it. */
    public Fault with(List<Problem> found) {
        return new Fault(code, arguments, found, mendable, options, getCause());
    }

    /** The same fault in a file that {@code apply --repair} can mend. */
    public Fault mendable() {
        return new Fault(code, arguments, problems, true, options, getCause());
    }

    /**
     * The same fault where another run does not find the same file by itself.
     *
     * @param needed what its command line has to say for that, each with a blank before it; may be empty
     */
    public Fault meaning(String needed) {
        return new Fault(code, arguments, problems, mendable, needed, getCause());
    }

    /** What fills {@code {options}} behind the commands that the sentence advises. */
    public String options() {
        return options;
    }

    /** Whether {@code apply --repair} can mend the file. */
    public boolean isMendable() {
        return mendable;
    }

    public FaultCode code() {
        return code;
    }

    /** What fills the places {@code {0}}, {@code {1}} … of the sentence. */
    public List<String> arguments() {
        return arguments;
    }

    /** The places in the user's files that led to the fault; empty where there is no such place. */
    public List<Problem> problems() {
        return problems;
    }
}
