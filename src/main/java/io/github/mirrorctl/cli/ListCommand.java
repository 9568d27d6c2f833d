package io.github.mirrorctl.cli;

import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.Mirror;
import java.util.Comparator;
import java.util.List;

/** Shows the catalog. */
final class ListCommand implements Subcommand {
    private final Context context;
    private final Arguments arguments = new Arguments();
    private final CatalogOptions selection = new CatalogOptions(arguments);
    private final OutputOptions output = new OutputOptions(arguments);

    ListCommand(Context context) {
        this.context = context;
    }

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public Integer call() {
        selection.requireMeaning();
        Catalog catalog = context.catalog(selection.catalog.given());
        List<Mirror> mirrors = catalog.filtered(selection.filterForShowing(catalog)).stream()
                .sorted(Comparator.comparing((Mirror mirror) ->
                        mirror.tier().map(tier -> tier.number()).orElse(Integer.MAX_VALUE)))
                .toList();
        context.renderer(output.format()).list(catalog, mirrors);
        return ExitCode.OK;
    }
}
