package io.github.mirrorctl.task;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The text of a shell's or systemd's file.
 *
 * @param charset in which every byte of the file comes back as it was
 */
record FileText(String text, Charset charset) {

    /** A comment in GBK is no UTF-8, and Latin-1 gives any byte back. */
    static FileText of(byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return new FileText(text, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            return new FileText(new String(content, StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
        }
    }

    byte[] encode(String changed) {
        return changed.getBytes(charset);
    }
}
