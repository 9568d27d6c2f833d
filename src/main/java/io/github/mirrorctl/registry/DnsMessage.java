package io.github.mirrorctl.registry;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Questions for addresses and their answers, as they go over the wire (RFC 1035, section 4; RFC 3596 for IPv6). */
final class DnsMessage {
    static final int A = 1;
    static final int AAAA = 28;
    /** In bytes; what fits into a packet on every path (https://www.dnsflagday.net/2020), and Go says so too. */
    static final int LONGEST_DATAGRAM = 1232;

    private static final int CNAME = 5;
    private static final int OPT = 41;
    private static final int INTERNET = 1;

    private static final int RESPONSE = 0x8000;
    private static final int OPCODE = 0x7800;
    private static final int AUTHORITATIVE = 0x0400;
    private static final int TRUNCATED = 0x0200;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RECURSION_AVAILABLE = 0x0080;
    private static final int AUTHENTIC_DATA = 0x0020;
    private static final int RESPONSE_CODE = 0x000f;

    private static final int SERVER_FAILURE = 2;
    private static final int NAME_ERROR = 3;

    private static final int LONGEST_LABEL = 63;
    /** As spelled with dots; one byte of length and one of end make the 255 of RFC 1035, section 2.3.4. */
    private static final int LONGEST_NAME = 253;

    private DnsMessage() {}

    /**
     * What is asked.
     *
     * @param id a number that nobody can guess, by which the answer is told from a forged one
     * @param name in lower case, without a dot at its end, as {@link #isName} wants it
     */
    record Question(int id, String name, int type) {

        /**
         * The message that asks it, for a server that asks others on our behalf.
         *
         * @param isExtended whether more than the 512 bytes of RFC 1035 are welcome (RFC 6891)
         * @param asksForAuthentic whether the server shall say what DNSSEC vouches for (RFC 6840, section 5.7)
         */
        byte[] bytes(boolean isExtended, boolean asksForAuthentic) {
            ByteBuffer out = ByteBuffer.allocate(512);
            out.putShort((short) id);
            out.putShort((short) (RECURSION_DESIRED | (asksForAuthentic ? AUTHENTIC_DATA : 0)));
            out.putShort((short) 1).putInt(0).putShort((short) (isExtended ? 1 : 0));
            for (int start = 0; start < name.length(); ) {
                int dot = name.indexOf('.', start);
                int end = dot < 0 ? name.length() : dot;
                out.put((byte) (end - start));
                out.put(name.substring(start, end).getBytes(StandardCharsets.US_ASCII));
                start = end + 1;
            }
            out.put((byte) 0).putShort((short) type).putShort((short) INTERNET);
            if (isExtended) {
                out.put((byte) 0).putShort((short) OPT).putShort((short) LONGEST_DATAGRAM);
                out.putInt(0).putShort((short) 0);
            }
            byte[] bytes = new byte[out.position()];
            out.flip().get(bytes);
            return bytes;
        }
    }

    enum Outcome {
        /** The addresses are all that there are, which may be none. */
        ANSWERED,
        NO_SUCH_NAME,
        /** To be asked again over TCP. */
        TRUNCATED,
        /** The server could not find out. */
        FAILED,
        /** The server did not do what it was asked for, or in a way that we do not understand. */
        UNCLEAR
    }

    record Answer(Outcome outcome, List<InetAddress> addresses) {
        static final Answer UNCLEAR = new Answer(Outcome.UNCLEAR, List.of());

        Answer {
            addresses = List.copyOf(addresses);
        }

        /** Whether nothing is gained by asking somebody else. */
        boolean isFinal() {
            return outcome == Outcome.ANSWERED || outcome == Outcome.NO_SUCH_NAME;
        }
    }

    /** Whether a name can be asked for: labels of letters, digits, hyphens and underscores, no longer than they may be. */
    static boolean isName(String name) {
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isPlain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            boolean isEnd = c == '.' && label > 0;
            label = isEnd ? 0 : label + 1;
            if ((!isPlain && !isEnd) || label > LONGEST_LABEL) {
                return false;
            }
        }
        return label > 0 && name.length() <= LONGEST_NAME;
    }

    /**
     * What a message says to a question; empty where it does not answer it, so that the answer may still come.
     *
     * @param length of the message at the beginning of the bytes
     */
    static Optional<Answer> answer(Question question, byte[] bytes, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        int flags;
        int records;
        boolean isAlone;
        try {
            int id = number(in);
            flags = number(in);
            boolean isResponse = (flags & (RESPONSE | OPCODE)) == RESPONSE;
            int questions = number(in);
            records = number(in);
            number(in);
            isAlone = number(in) == 0;
            if (id != question.id() || !isResponse || questions != 1 || !repeats(question, in)) {
                return Optional.empty();
            }
        } catch (MalformedException | BufferUnderflowException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(answer(question.name(), question.type(), flags, records, isAlone, in));
        } catch (MalformedException | BufferUnderflowException e) {
            return Optional.of(Answer.UNCLEAR);
        }
    }

    private static boolean repeats(Question question, ByteBuffer in) throws MalformedException {
        return name(in).equals(question.name()) && number(in) == question.type() && number(in) == INTERNET;
    }

    private static Answer answer(String name, int type, int flags, int records, boolean isAlone, ByteBuffer in)
            throws MalformedException {
        int code = flags & RESPONSE_CODE;
        if (code != 0) {
            Outcome outcome =
                    switch (code) {
                        case NAME_ERROR -> Outcome.NO_SUCH_NAME;
                        case SERVER_FAILURE -> Outcome.FAILED;
                        default -> Outcome.UNCLEAR;
                    };
            return new Answer(outcome, List.of());
        }
        if ((flags & TRUNCATED) != 0) {
            return new Answer(Outcome.TRUNCATED, List.of());
        }
        // Somebody who only points to others, where libresolv and Go ask the next one (golang.org/issue/15434).
        boolean isLame = records == 0 && isAlone && (flags & (AUTHORITATIVE | RECURSION_AVAILABLE)) == 0;
        return isLame
                ? new Answer(Outcome.FAILED, List.of())
                : new Answer(Outcome.ANSWERED, addresses(name, type, records, in));
    }

    private record Address(String owner, byte[] bytes) {}

    private static List<InetAddress> addresses(String name, int type, int records, ByteBuffer in)
            throws MalformedException {
        Map<String, String> aliases = new HashMap<>();
        List<Address> found = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            String owner = name(in);
            int recordType = number(in);
            boolean isInternet = number(in) == INTERNET;
            in.getInt(); // Time to live: longer than this process, or as good as.
            int length = number(in);
            int end = in.position() + length;
            if (length > in.remaining()) {
                throw new MalformedException();
            }
            if (isInternet && recordType == CNAME) {
                aliases.putIfAbsent(owner, name(in));
            } else if (isInternet && recordType == type) {
                byte[] address = new byte[type == A ? 4 : 16];
                if (length != address.length) {
                    throw new MalformedException();
                }
                in.get(address);
                found.add(new Address(owner, address));
            }
            in.position(end);
        }
        String owner = name;
        for (int hops = 0; hops < records && aliases.containsKey(owner); hops++) {
            owner = aliases.getOrDefault(owner, owner);
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (Address address : found) {
            if (address.owner().equals(owner)) {
                addresses.add(named(name, address.bytes()));
            }
        }
        return addresses;
    }

    /** With the name, so that nobody asks the system what it is. */
    static InetAddress named(String name, byte[] bytes) {
        try {
            return InetAddress.getByAddress(name, bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    private static int number(ByteBuffer in) {
        return in.getShort() & 0xffff;
    }

    /** A name in lower case. Pointers lead backwards, each behind the one before, so that they end (section 4.1.4). */
    private static String name(ByteBuffer in) throws MalformedException {
        StringBuilder name = new StringBuilder();
        ByteBuffer at = in;
        int before = in.position();
        for (int length = at.get() & 0xff; length != 0; length = at.get() & 0xff) {
            if (length >= 0xc0) {
                int target = (length & 0x3f) << 8 | (at.get() & 0xff);
                if (target >= before) {
                    throw new MalformedException();
                }
                before = target;
                at = in.duplicate();
                at.position(target);
                continue;
            }
            if (length > LONGEST_LABEL || name.length() + length > LONGEST_NAME) {
                throw new MalformedException();
            }
            if (name.length() > 0) {
                name.append('.');
            }
            for (int i = 0; i < length; i++) {
                name.append(inName((char) (at.get() & 0xff)));
            }
        }
        return name.toString();
    }

    /** A dot within a label is none between two. */
    private static char inName(char c) {
        return c == '.' ? '\\' : c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }

    private static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
