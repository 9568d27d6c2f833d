package io.github.mirrorctl.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.mirrorctl.registry.Exchange;
import io.github.mirrorctl.registry.ProbeResult;
import io.github.mirrorctl.registry.PullEstimate;
import io.github.mirrorctl.registry.Sample;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;

/** The member {@code explain} of a probe's document: the requests made for one mirror. */
final class ExplanationJson {
    private final JsonGenerator json;
    private final Messages messages;

    ExplanationJson(JsonGenerator json, Messages messages) {
        this.json = json;
        this.messages = messages;
    }

    void write(ProbeResult result) throws IOException {
        json.writeObjectFieldStart("explain");
        json.writeStringField("url", result.candidate().url().toString());
        json.writeStringField("verdict", result.verdict().key());
        JsonRenderer.text(json, "reason", result.reason().map(messages::of));
        json.writeArrayFieldStart("requests");
        for (Exchange exchange : result.exchanges()) {
            request(exchange);
        }
        json.writeEndArray();
        estimate(result.sample());
        json.writeEndObject();
    }

    private void request(Exchange exchange) throws IOException {
        json.writeStartObject();
        JsonRenderer.millis(json, "atMillis", Optional.of(exchange.at()));
        json.writeStringField("step", exchange.step().key());
        json.writeStringField("method", exchange.method());
        json.writeStringField("url", exchange.url());
        json.writeFieldName("connection");
        if (exchange.link().isPresent()) {
            connection(exchange.link().get());
        } else {
            json.writeNull();
        }
        JsonRenderer.number(json, "status", exchange.status());
        JsonRenderer.millis(json, "firstByteMillis", exchange.firstByte());
        JsonRenderer.millis(json, "elapsedMillis", Optional.of(exchange.elapsed()));
        json.writeNumberField("bytes", exchange.bytes());
        JsonRenderer.text(json, "digest", exchange.digest());
        JsonRenderer.text(json, "leadsTo", exchange.leadsTo());
        JsonRenderer.text(json, "realm", exchange.realm());
        JsonRenderer.text(json, "conclusion", exchange.conclusion().map(messages::of));
        json.writeEndObject();
    }

    private void connection(Exchange.Link link) throws IOException {
        json.writeStartObject();
        json.writeStringField("to", link.authority());
        JsonRenderer.millis(json, "dnsMillis", link.dns());
        JsonRenderer.texts(json, "addresses", link.addresses());
        JsonRenderer.text(json, "address", link.address());
        JsonRenderer.millis(json, "connectMillis", link.connect());
        JsonRenderer.millis(json, "tlsMillis", link.tls());
        JsonRenderer.text(json, "tlsVersion", link.tlsVersion());
        json.writeEndObject();
    }

    private void estimate(Optional<Sample> sample) throws IOException {
        if (sample.isEmpty()) {
            json.writeNullField("estimate");
            return;
        }
        PullEstimate basis = sample.get().basis();
        json.writeObjectFieldStart("estimate");
        JsonRenderer.millis(json, "pullMillis", sample.map(Sample::pull));
        JsonRenderer.millis(json, "handshakeMillis", Optional.of(basis.handshake()));
        JsonRenderer.millis(json, "tokenMillis", Optional.of(basis.token()));
        JsonRenderer.millis(json, "manifestsMillis", Optional.of(basis.manifests()));
        JsonRenderer.millis(json, "firstByteMillis", Optional.of(basis.firstByte()));
        JsonRenderer.millis(json, "roundTripMillis", Optional.of(basis.roundTrip()));
        JsonRenderer.whole(
                json, "bytesPerSecond", sample.map(Sample::bytesPerSecond).orElse(OptionalDouble.empty()));
        json.writeEndObject();
    }
}
