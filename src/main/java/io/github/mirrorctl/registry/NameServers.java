package io.github.mirrorctl.registry;

import io.github.mirrorctl.registry.DnsMessage.Answer;
import io.github.mirrorctl.registry.DnsMessage.Outcome;
import io.github.mirrorctl.registry.DnsMessage.Question;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the machine's name servers, one after the other, as Go does
 * (<a href="https://github.com/golang/go/blob/go1.24.0/src/net/dnsclient_unix.go">dnsclient_unix.go</a>). The questions for
 * IPv4 and IPv6 go out together, on a socket of their own for each server and attempt. Safe for use by many threads.
 */
final class NameServers {
    private static final int LONGEST_WARM_UP_MILLIS = 100;

    private final ResolvConf conf;
    private final int[] types;
    private final SecureRandom ids = new SecureRandom();
    private final AtomicInteger turn = new AtomicInteger();

    /** @param hasIpv6 whether IPv6 addresses are of use */
    NameServers(ResolvConf conf, boolean hasIpv6) {
        this.conf = conf;
        this.types = hasIpv6 ? new int[] {DnsMessage.A, DnsMessage.AAAA} : new int[] {DnsMessage.A};
    }

    /**
     * Sends a question to this process itself, since the first datagram of a process loads classes for 20 ms, which would
     * count as the search for the first names.
     */
    static void warmUp() {
        try (DatagramChannel channel = DatagramChannel.open();
                DatagramSocket socket = channel.socket()) {
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            channel.connect(channel.getLocalAddress());
            Question question = new Question(0, "localhost", DnsMessage.A);
            channel.write(ByteBuffer.wrap(question.bytes(false, false)));
            DatagramPacket packet =
                    new DatagramPacket(new byte[DnsMessage.LONGEST_DATAGRAM], DnsMessage.LONGEST_DATAGRAM);
            socket.setSoTimeout(LONGEST_WARM_UP_MILLIS);
            socket.receive(packet);
            DnsMessage.answer(question, packet.getData(), packet.getLength());
        } catch (IOException e) {
            // Where even that is forbidden, the first names seem to take a little longer than they do.
        }
    }

    /** A type of address, and the best answer to the question for it so far. */
    private static final class Asked {
        private final int type;
        private @Nullable Answer answer;
        private boolean wasUnclear;

        Asked(int type) {
            this.type = type;
        }

        void take(Answer given) {
            answer = given;
            wasUnclear |= given.outcome() == Outcome.UNCLEAR;
        }

        boolean isOpen() {
            return answer == null || !answer.isFinal();
        }

        boolean isTruncated() {
            return answer != null && answer.outcome() == Outcome.TRUNCATED;
        }
    }

    /**
     * The addresses of a name, those of IPv4 first, in the order of the answer.
     *
     * @param opened is told of every socket before it waits for anything, so that it can be closed at any time
     * @return {@link Outcome#UNCLEAR} where somebody else might make more of what the servers say
     * @throws SocketTimeoutException at the deadline
     */
    Answer ask(String name, Deadline deadline, Consumer<? super Closeable> opened) throws IOException {
        List<Asked> all = new ArrayList<>();
        for (int type : types) {
            all.add(new Asked(type));
        }
        Course course = new Course(name, deadline, opened);
        int count = conf.servers().size();
        int first = conf.rotates() ? Math.floorMod(turn.getAndIncrement(), count) : 0;
        for (int i = 0; i < count * conf.attempts(); i++) {
            List<Asked> open = open(all);
            if (!open.isEmpty()) {
                course.ask(conf.servers().get((first + i) % count), open);
            }
        }
        return summary(all);
    }

    private static List<Asked> open(List<Asked> all) {
        List<Asked> open = new ArrayList<>();
        for (Asked asked : all) {
            if (asked.isOpen()) {
                open.add(asked);
            }
        }
        return open;
    }

    private static Answer summary(List<Asked> all) {
        List<InetAddress> addresses = new ArrayList<>();
        boolean isOpen = false;
        boolean isUnclear = false;
        for (Asked asked : all) {
            if (asked.answer != null) {
                addresses.addAll(asked.answer.addresses());
            }
            isOpen |= asked.isOpen();
            isUnclear |= asked.isOpen() && asked.wasUnclear;
        }
        if (!addresses.isEmpty()) {
            return new Answer(Outcome.ANSWERED, addresses);
        }
        return new Answer(isUnclear ? Outcome.UNCLEAR : isOpen ? Outcome.FAILED : Outcome.NO_SUCH_NAME, addresses);
    }

    /** The questions for one name. */
    private final class Course {
        private final String name;
        private final Deadline deadline;
        private final Consumer<? super Closeable> opened;

        Course(String name, Deadline deadline, Consumer<? super Closeable> opened) {
            this.name = name;
            this.deadline = deadline;
            this.opened = opened;
        }

        /** Asks one server, whose failure is a reason to ask the next. */
        void ask(InetSocketAddress server, List<Asked> open) throws SocketTimeoutException {
            try {
                if (conf.isOneByOne()) {
                    for (Asked asked : open) {
                        exchange(server, List.of(asked));
                    }
                } else {
                    exchange(server, open);
                }
            } catch (SocketTimeoutException e) {
                if (deadline.isPast()) {
                    throw e;
                }
            } catch (IOException unreachable) {
                // So the next one.
            }
        }

        private void exchange(InetSocketAddress server, List<Asked> open) throws IOException {
            if (!conf.isTcp()) {
                overUdp(server, open);
            }
            for (Asked asked : open) {
                if (conf.isTcp() || asked.isTruncated()) {
                    asked.take(overTcp(server, asked));
                }
            }
        }

        private Deadline forOneServer() {
            return Deadline.after(conf.timeout()).orSooner(deadline);
        }

        private Question question(Asked asked) {
            return new Question(ids.nextInt(1 << 16), name, asked.type);
        }

        private byte[] bytes(Question question) {
            return question.bytes(conf.isExtended(), conf.asksForAuthentic());
        }

        /** What is no answer may be forged, so that the true one is still waited for (golang.org/issue/13281). */
        private void overUdp(InetSocketAddress server, List<Asked> open) throws IOException {
            Deadline until = forOneServer();
            // Of a channel, since a thread that is interrupted then leaves it.
            try (DatagramChannel channel = DatagramChannel.open();
                    DatagramSocket socket = channel.socket()) {
                opened.accept(socket);
                // The system then gives us what comes from this server alone.
                channel.connect(server);
                List<Asked> waiting = new ArrayList<>(open);
                List<Question> questions = new ArrayList<>();
                for (Asked asked : open) {
                    Question question = question(asked);
                    questions.add(question);
                    channel.write(ByteBuffer.wrap(bytes(question)));
                }
                DatagramPacket packet =
                        new DatagramPacket(new byte[DnsMessage.LONGEST_DATAGRAM], DnsMessage.LONGEST_DATAGRAM);
                while (!waiting.isEmpty()) {
                    socket.setSoTimeout(until.remainingMillis());
                    packet.setLength(DnsMessage.LONGEST_DATAGRAM);
                    socket.receive(packet);
                    take(packet, waiting, questions);
                }
            }
        }

        /** @param waiting those who asked the questions; who is answered leaves both lists */
        private void take(DatagramPacket packet, List<Asked> waiting, List<Question> questions) {
            for (int i = 0; i < questions.size(); i++) {
                Optional<Answer> answer = DnsMessage.answer(questions.get(i), packet.getData(), packet.getLength());
                if (answer.isPresent()) {
                    questions.remove(i);
                    waiting.remove(i).take(answer.get());
                    return;
                }
            }
        }

        /** RFC 7766, section 8: before each message stands its length. */
        private Answer overTcp(InetSocketAddress server, Asked asked) throws IOException {
            Deadline until = forOneServer();
            Question question = question(asked);
            byte[] message = bytes(question);
            byte[] framed = new byte[2 + message.length];
            framed[1] = (byte) message.length;
            framed[0] = (byte) (message.length >> 8);
            System.arraycopy(message, 0, framed, 2, message.length);
            try (Socket socket = new Socket()) {
                opened.accept(socket);
                socket.connect(server, until.remainingMillis());
                socket.getOutputStream().write(framed);
                byte[] length = read(socket, 2, until);
                byte[] answer = read(socket, (length[0] & 0xff) << 8 | (length[1] & 0xff), until);
                return DnsMessage.answer(question, answer, answer.length)
                        .filter(given -> given.outcome() != Outcome.TRUNCATED)
                        .orElse(Answer.UNCLEAR);
            }
        }

        private byte[] read(Socket socket, int length, Deadline until) throws IOException {
            byte[] bytes = new byte[length];
            InputStream in = socket.getInputStream();
            for (int filled = 0; filled < length; ) {
                socket.setSoTimeout(until.remainingMillis());
                int count = in.read(bytes, filled, length - filled);
                if (count < 0) {
                    throw new EOFException();
                }
                filled += count;
            }
            return bytes;
        }
    }
}
