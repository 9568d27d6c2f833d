package io.github.mirrorctl.daemon;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;

/** Writes JSON texts with odd white space, escapes and numbers. The same seed gives the same texts. */
final class GeneratedJson {
    private static final List<String> SCALARS = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "1.10",
            "1e400",
            "12345678901234567890",
            "-1.5E-7",
            "2e+3",
            "\"\"",
            "\"\\u0041\\/\\\\ \\\"\"",
            "\"镜像 😀\"",
            "\"\\ud83d\\ude00\"",
            "\"a, b: {[\"",
            "\"registry-mirrors\"");
    private static final List<String> BLANKS = List.of("", "", "", " ", "  ", "\t", "\n", "\r\n", "\n\t", " \n\n   ");

    private static final String DAMAGE = "{}[]\",:0-+.eEtn \\/\u00a0\t\n#'x";

    private final Random random;

    GeneratedJson(Random random) {
        this.random = random;
    }

    String blank() {
        return pick(BLANKS);
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    String value(int depth) {
        int choice = depth == 0 ? 9 : random.nextInt(10);
        if (choice < 2) {
            return object(depth - 1);
        }
        return choice < 4 ? array(depth - 1) : pick(SCALARS);
    }

    private String object(int depth) {
        StringBuilder text = new StringBuilder("{").append(blank());
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : "," + blank()).append(member("k" + i, value(depth)));
        }
        return text.append('}').toString();
    }

    String member(String name, String value) {
        return '"' + name + '"' + blank() + ':' + blank() + value + blank();
    }

    private String array(int depth) {
        StringBuilder text = new StringBuilder("[").append(blank());
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : "," + blank()).append(value(depth)).append(blank());
        }
        return text.append(']').toString();
    }

    /** A whole document with or without mirrors. */
    String document() {
        String mirrors =
                pick(List.of("", "[]", "null", "[ \"https:\\/\\/a\" ]", "[\"https://a\",\n\"http://b:5000/\"]"));
        String member = mirrors.isEmpty() ? "" : member("registry-mirrors", mirrors) + ",";
        return blank() + "{" + blank() + member + member("k", value(3)) + "}" + blank();
    }

    /** The same bytes with some lost, repeated, cut off or replaced by any others. */
    byte[] damaged(byte[] content) {
        ByteArrayOutputStream damaged = new ByteArrayOutputStream();
        int end = random.nextInt(10) == 0 ? random.nextInt(content.length) : content.length;
        for (int i = 0; i < end; i++) {
            int fate = random.nextInt(4 * content.length);
            if (fate != 0) {
                damaged.write(fate == 1 ? random.nextInt(256) : content[i]);
            }
            if (fate == 2) {
                damaged.write(content[i]);
            }
        }
        return damaged.toByteArray();
    }

    /** The same text with one character lost, doubled, or replaced by another that matters to JSON. */
    String broken(String text) {
        int at = random.nextInt(text.length());
        String tail = text.substring(at + 1);
        String kept = text.substring(at, at + 1);
        int other = random.nextInt(DAMAGE.length());
        return text.substring(0, at)
                + pick(List.of("", kept + kept, DAMAGE.substring(other, other + 1), kept + DAMAGE.charAt(other)))
                + tail;
    }
}
