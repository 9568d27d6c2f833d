package io.github.mirrorctl.daemon;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The encodings in which dockerd reads its file, told apart by the byte order mark as {@code unicode.BOMOverride} does in
 * moby's {@code daemon/config/config.go} since 23.0. Older engines take {@link #UTF_8} alone.
 */
enum TextEncoding {
    UTF_8_WITH_MARK(StandardCharsets.UTF_8, "\u00EF\u00BB\u00BF"),
    UTF_16_LITTLE(StandardCharsets.UTF_16LE, "\u00FF\u00FE"),
    UTF_16_BIG(StandardCharsets.UTF_16BE, "\u00FE\u00FF"),
    UTF_8(StandardCharsets.UTF_8, "");

    private final Charset charset;
    private final String mark;

    /** The mark is given one character for each byte. */
    TextEncoding(Charset charset, String mark) {
        this.charset = charset;
        this.mark = mark;
    }

    static TextEncoding of(byte[] content) {
        return Arrays.stream(values())
                .filter(encoding -> encoding.marks(content))
                .findFirst()
                .orElse(UTF_8);
    }

    private boolean marks(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).startsWith(mark);
    }

    /** The text without its mark. Strict, so that {@link #encode} gives the same bytes again. */
    String decode(byte[] content) throws CharacterCodingException {
        return charset.newDecoder().decode(afterMark(content)).toString();
    }

    /** The text with U+FFFD for what cannot be read, to show a line of it. */
    String decodeLeniently(byte[] content) {
        return charset.decode(afterMark(content)).toString();
    }

    private ByteBuffer afterMark(byte[] content) {
        return ByteBuffer.wrap(content, mark.length(), content.length - mark.length());
    }

    byte[] encode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(mark.getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(text.getBytes(charset));
        return bytes.toByteArray();
    }
}
