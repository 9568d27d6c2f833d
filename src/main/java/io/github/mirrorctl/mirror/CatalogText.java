package io.github.mirrorctl.mirror;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A user's own catalog as they wrote it. An entry is put in or taken out, and the date of the last edit is set; every
 * other character stays.
 */
public final class CatalogText {
    private static final String MARK = "\ufeff";

    private final String text;
    private final List<Entry> entries = new ArrayList<>();
    private Span mirrors = new Span(0, 0);
    private Optional<Span> updated = Optional.empty();

    private record Span(int start, int end) {}

    private record Entry(String id, Span span) {}

    private CatalogText(String text) {
        this.text = text;
    }

    /**
     * Reads a catalog.
     *
     * @param file what to call it in messages
     * @throws Fault {@link FaultCode#CATALOG_INVALID}
     */
    public static CatalogText of(byte[] content, String file) {
        CatalogReader.parse(content, file);
        String text = new String(content, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') >= 0 || text.indexOf('\0') >= 0) {
            throw CatalogReader.invalid(file, 1, "catalog-not-utf8");
        }
        CatalogText catalog = new CatalogText(text);
        catalog.locate();
        return catalog;
    }

    /**
     * What a catalog is before its first entry.
     *
     * @param today as {@code 2026-11-24}
     */
    public static CatalogText empty(String today) {
        byte[] content = ("{\n  \"schemaVersion\": 1,\n  \"updated\": " + quoted(today) + ",\n  \"mirrors\": []\n}\n")
                .getBytes(StandardCharsets.UTF_8);
        return of(content, "");
    }

    /**
     * The catalog with an entry behind the last one.
     *
     * @param members the entry's, in their order: texts, or JSON for what is no text
     * @param today as {@code 2026-11-24}
     */
    public byte[] with(Map<String, String> members, String today) {
        String entry = entry(members);
        if (entries.isEmpty()) {
            String lineBreak = lineBreak();
            return edited(mirrors, "[" + lineBreak + "    " + entry + lineBreak + "  ]", today);
        }
        String lead = text.substring(mirrors.start() + 1, entries.get(0).span().start());
        int end = entries.get(entries.size() - 1).span().end();
        return edited(new Span(end, end), "," + (lead.isEmpty() ? " " : lead) + entry, today);
    }

    /** The catalog without an entry that it has. */
    public byte[] without(String id, String today) {
        int at = 0;
        while (!entries.get(at).id().equals(id)) {
            at++;
        }
        Span span = entries.get(at).span();
        if (entries.size() == 1) {
            return edited(mirrors, "[]", today);
        }
        Span cut = at == 0
                ? new Span(span.start(), entries.get(1).span().start())
                : new Span(entries.get(at - 1).span().end(), span.end());
        return edited(cut, "", today);
    }

    /** With the date, which may stand on either side. */
    private byte[] edited(Span span, String replacement, String today) {
        StringBuilder edited = new StringBuilder(text);
        boolean dateComesLast =
                updated.filter(date -> date.start() > span.start()).isPresent();
        if (dateComesLast) {
            setDate(edited, today);
        }
        edited.replace(span.start(), span.end(), replacement);
        if (!dateComesLast) {
            setDate(edited, today);
        }
        return edited.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void setDate(StringBuilder edited, String today) {
        updated.ifPresent(date -> edited.replace(date.start(), date.end(), quoted(today)));
    }

    private String lineBreak() {
        return text.contains("\r\n") ? "\r\n" : "\n";
    }

    /** On one line, as a short entry reads best. */
    private static String entry(Map<String, String> members) {
        StringBuilder entry = new StringBuilder("{");
        members.forEach((name, json) -> entry.append(entry.length() == 1 ? "" : ", ")
                .append(quoted(name))
                .append(": ")
                .append(json));
        return entry.append('}').toString();
    }

    /** A text as JSON. */
    public static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    /** Finds the spans. That it is a catalog is known by now. */
    private void locate() {
        int mark = text.startsWith(MARK) ? 1 : 0;
        try (JsonParser parser = new JsonFactory().createParser(text.substring(mark))) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("updated")) {
                    // Unescaped as every date is, so that its text is as long as it looks.
                    int start = start(parser, mark);
                    parser.getText();
                    updated = Optional.of(new Span(start, end(parser, mark)));
                } else if (name.equals("mirrors")) {
                    locateEntries(parser, mark);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("was read before", e);
        }
    }

    private void locateEntries(JsonParser parser, int mark) throws IOException {
        int start = start(parser, mark);
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            int entryStart = start(parser, mark);
            String id = "";
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isId = parser.currentName().equals("id");
                parser.nextToken();
                id = isId ? parser.getText() : id;
                parser.skipChildren();
            }
            entries.add(new Entry(id, new Span(entryStart, end(parser, mark))));
        }
        mirrors = new Span(start, end(parser, mark));
    }

    private static int start(JsonParser parser, int mark) {
        return mark + (int) parser.currentTokenLocation().getCharOffset();
    }

    private static int end(JsonParser parser, int mark) {
        return mark + (int) parser.currentLocation().getCharOffset();
    }
}
