package io.github.mirrorctl.render;

import io.github.mirrorctl.registry.Exchange;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.PullEstimate;
import io.github.mirrorctl.registry.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was sent to one mirror, what came back, and what was made of it, for people. */
final class Explanation {
    private static final String NONE = Figures.NONE;
    /** Below the time and the step of a request. */
    private static final String INDENT = " ".repeat(12);

    private final ProbeResult result;
    private final Messages messages;
    private final boolean hasSymbols;

    /** @param hasSymbols whether more than ASCII can be shown of what is no word */
    Explanation(ProbeResult result, Messages messages, boolean hasSymbols) {
        this.result = result;
        this.messages = messages;
        this.hasSymbols = hasSymbols;
    }

    /** One paragraph for each request, then the verdict and what the estimate is made of. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(text("explain.heading", result.candidate().url().toString()));
        for (Exchange exchange : result.exchanges()) {
            String time = Figures.millis(Optional.of(exchange.at()));
            lines.add(" ".repeat(Math.max(0, INDENT.length() - 2 - time.length())) + time + "  "
                    + text("explain.request", exchange.method(), exchange.url()));
            exchange.link().ifPresent(link -> lines.add(INDENT + link(link)));
            lines.add(INDENT + answer(exchange));
            exchange.digest().ifPresent(digest -> lines.add(INDENT + text("explain.digest", digest)));
            exchange.leadsTo().ifPresent(url -> lines.add(INDENT + text("explain.leads-to", url)));
            exchange.realm().ifPresent(realm -> lines.add(INDENT + text("explain.realm", realm)));
            exchange.conclusion().ifPresent(reason -> lines.add(INDENT + "-> " + messages.of(reason)));
        }
        String verdict = text("verdict." + result.verdict().key());
        lines.add(result.reason()
                .map(reason -> text("explain.verdict-reason", verdict, messages.of(reason)))
                .orElseGet(() -> text("explain.verdict", verdict)));
        lines.add(result.sample().map(this::estimate).orElseGet(() -> text("explain.no-estimate")));
        return lines;
    }

    private String link(Exchange.Link link) {
        List<String> phases = new ArrayList<>();
        link.dns()
                .ifPresent(dns -> phases.add(
                        text("explain.dns", Figures.millis(Optional.of(dns)), messages.listed(link.addresses()))));
        link.connect()
                .ifPresent(connect -> phases.add(text(
                        "explain.connect",
                        Figures.millis(Optional.of(connect)),
                        link.address().orElse(NONE))));
        link.tls()
                .ifPresent(tls -> phases.add(text(
                        "explain.tls",
                        Figures.millis(Optional.of(tls)),
                        link.tlsVersion().orElse(NONE))));
        return text("explain.link", link.authority(), phases.isEmpty() ? NONE : messages.listed(phases));
    }

    private String answer(Exchange exchange) {
        String elapsed = Figures.millis(Optional.of(exchange.elapsed()));
        return exchange.status().isEmpty()
                ? text("explain.no-answer", elapsed)
                : text(
                        "explain.answer",
                        String.valueOf(exchange.status().getAsInt()),
                        Figures.millis(exchange.firstByte()),
                        elapsed,
                        String.valueOf(exchange.bytes()));
    }

    private String estimate(Sample sample) {
        PullEstimate basis = sample.basis();
        Duration blobs =
                sample.pull().minus(basis.handshake()).minus(basis.token()).minus(basis.manifests());
        return text(
                "explain.estimate",
                Figures.seconds(Optional.of(sample.pull())),
                Figures.millis(Optional.of(basis.handshake())),
                Figures.millis(Optional.of(basis.token())),
                Figures.millis(Optional.of(basis.manifests())),
                Figures.seconds(Optional.of(blobs)),
                Figures.speed(sample.bytesPerSecond(), hasSymbols),
                Figures.millis(Optional.of(basis.firstByte())),
                Figures.millis(Optional.of(basis.roundTrip())));
    }

    /** A row for each request, for scripts; the first cell tells them from those of the mirrors. */
    Table table() {
        Table table = new Table("", "", "", "", "", "", "", "", "", "");
        for (Exchange exchange : result.exchanges()) {
            table.row(
                    "explain",
                    Figures.millis(Optional.of(exchange.at())),
                    exchange.step().key(),
                    exchange.method(),
                    exchange.url(),
                    exchange.status().isPresent()
                            ? String.valueOf(exchange.status().getAsInt())
                            : NONE,
                    Figures.millis(exchange.firstByte()),
                    Figures.millis(Optional.of(exchange.elapsed())),
                    String.valueOf(exchange.bytes()),
                    exchange.conclusion().map(messages::of).orElse(NONE));
        }
        return table;
    }

    private String text(String key, String... arguments) {
        return messages.text(key, arguments);
    }
}
