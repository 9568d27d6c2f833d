package io.github.mirrorctl.cli;

import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.Mirror;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the catalog. */
@Command(name = "list", sortOptions = false)
final class ListCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private CatalogOptions selection = new CatalogOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    ListCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        selection.requireMeaning();
        Catalog catalog = context.catalog(selection.catalog);
        List<Mirror> mirrors = catalog.filtered(selection.filterForShowing(catalog)).stream()
                .sorted(Comparator.comparing((Mirror mirror) ->
                        mirror.tier().map(tier -> tier.number()).orElse(Integer.MAX_VALUE)))
                .toList();
        context.renderer(output.format).list(catalog, mirrors);
        return ExitCode.OK;
    }
}
