package io.github.mirrorctl.render;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.Mirror;
import io.github.mirrorctl.task.ApplyTask;
import io.github.mirrorctl.task.CatalogTask;
import io.github.mirrorctl.task.CheckTask;
import io.github.mirrorctl.task.ProbeTask;
import io.github.mirrorctl.task.RestoreTask;
import java.util.List;
import java.util.function.Function;

/** Writes a result. Decides nothing: not what to show, only how. */
public sealed interface Renderer permits TextRenderer, JsonRenderer {

    void list(Catalog catalog, List<Mirror> mirrors);

    /**
     * A ranking.
     *
     * @param most how many of the usable ones to show
     */
    void probe(ProbeTask.Report report, int most);

    /** A plan that is not carried out: a dry run, or one that found nothing usable. */
    void plan(ApplyTask.Plan plan);

    /** What should be known before a long wait; {@link #applied} does not repeat it to people. */
    void announce(List<Problem> notes);

    void applied(ApplyTask.Applied applied);

    void check(CheckTask.Report report);

    void restore(RestoreTask.Report report);

    void catalog(CatalogTask.Report report);

    /** Something beside the answer that its reader should know, on standard error. */
    void notice(Problem problem);

    /**
     * A failure.
     *
     * @param command what was asked for; empty where that was not understood
     */
    void fault(String command, Fault fault);

    /** A bug, or arguments that mean nothing: a code, and the sentence in the words of who reads it. */
    void failure(String command, String code, Function<Messages, String> sentence);
}
