package io.github.mirrorctl.platform;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The engine's own API, asked where it listens: at a Unix socket, a Windows named pipe, or plain TCP. It tells more than
 * {@code docker info} does and needs no client. Requests carry no version, which engines from 20.10 on take for their
 * newest one (moby's {@code api/swagger.yaml}, "Versioning").
 */
public final class EngineApi {
    /** In bytes; an engine with a thousand containers answers with some twenty thousand. */
    private static final int LONGEST_ANSWER = 16 << 20;

    /** HTTP/1.0, so that the engine neither keeps the connection open nor cuts the answer into chunks. */
    private static final String REST_OF_REQUEST = " HTTP/1.0\r\nHost: docker\r\n\r\n";

    private static final String INFO = "/info";
    private static final String CONTAINERS = "/containers/json";

    private static final String UNIX = "unix://";
    private static final String PIPE = "npipe://";
    private static final Pattern TCP = Pattern.compile("tcp://(\\[[0-9A-Fa-f:.]+]|[^:/\\[\\]]+)(?::(\\d{1,5}))?/?");

    /** Where the client asks if an address names no port (docker/cli's {@code opts/hosts.go}). */
    private static final String USUAL_PORT = "2375";

    private final Host host;
    private final String address;

    /** @param address as {@code DOCKER_HOST} spells it, such as {@code unix:///var/run/docker.sock} */
    public EngineApi(Host host, String address) {
        this.host = host;
        this.address = address;
    }

    /** Where an engine listens that was told nothing else (docker/cli's {@code opts/hosts_unix.go} and its twin). */
    public static String usualAddress(Host host) {
        return host.os() == OperatingSystem.WINDOWS ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";
    }

    /** The path of the Unix socket that an address names, on the machine itself; empty where it names none. */
    public static Optional<String> socket(String address) {
        return address.startsWith(UNIX) ? Optional.of(address.substring(UNIX.length())) : Optional.empty();
    }

    /** Whether an address is a socket or a pipe of this machine, which is what this class can speak to. */
    public static boolean isLocal(String address) {
        return address.startsWith(UNIX) || address.startsWith(PIPE);
    }

    /** Whether this class knows the way to an address: one of this machine's, or plain TCP. */
    public static boolean canAsk(String address) {
        return isLocal(address) || TCP.matcher(address).matches();
    }

    /** What came of a question. */
    public enum Outcome {
        ANSWERED,
        /** Nothing listens there. */
        NOBODY_THERE,
        PERMISSION_DENIED,
        /** Connected, and then no answer inside the time. */
        SILENT,
        /** Something answered that is no engine, or with an error. */
        NOT_UNDERSTOOD
    }

    /**
     * An answer.
     *
     * @param body the engine's JSON; empty unless {@link Outcome#ANSWERED}
     */
    public record Answer(Outcome outcome, String body) {
        static Answer failed(Outcome outcome) {
            return new Answer(outcome, "");
        }
    }

    /**
     * Asks {@code GET /info}. Does not throw for what the engine does: every failure is an outcome.
     *
     * @throws IllegalArgumentException for an address that it cannot {@link #canAsk ask}
     * @throws InterruptedException where this thread was interrupted; the connection is closed then
     */
    public Answer info(Duration deadline) throws InterruptedException {
        return ask(INFO, deadline);
    }

    /** Asks {@code GET /containers/json}, which lists the containers that run; otherwise as {@link #info}. */
    public Answer containers(Duration deadline) throws InterruptedException {
        return ask(CONTAINERS, deadline);
    }

    private Answer ask(String resource, Duration deadline) throws InterruptedException {
        if (!canAsk(address)) {
            throw new IllegalArgumentException(address);
        }
        if (isAbsent()) {
            return Answer.failed(Outcome.NOBODY_THERE);
        }
        Exchange exchange = new Exchange("GET " + resource + REST_OF_REQUEST);
        Thread thread = new Thread(exchange, "engine");
        // A pipe's read can be neither timed nor interrupted; it must not keep the program alive.
        thread.setDaemon(true);
        thread.start();
        try {
            return exchange.answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Answer.failed(Outcome.SILENT);
        } catch (ExecutionException bug) {
            throw new IllegalStateException("asking the engine ended by a bug", bug);
        } finally {
            exchange.end(thread);
        }
    }

    /** Whether there is no socket, which is known without a thread that asks. */
    private boolean isAbsent() {
        Optional<Path> socket = socket(address).map(host::path);
        return socket.isPresent() && !Files.exists(socket.get()) && Files.isExecutable(parentOf(socket.get()));
    }

    /** One question in a thread of its own. */
    private final class Exchange implements Runnable {
        private final String question;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();

        Exchange(String question) {
            this.question = question;
        }

        @Override
        public void run() {
            try {
                answer.complete(exchanged());
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        }

        /** An interrupt closes a channel that is blocked in a read. */
        void end(Thread thread) {
            thread.interrupt();
        }

        private Answer exchanged() {
            ByteChannel opened;
            try {
                opened = open();
            } catch (AccessDeniedException e) {
                return Answer.failed(Outcome.PERMISSION_DENIED);
            } catch (IOException e) {
                return Answer.failed(isDenied(e) ? Outcome.PERMISSION_DENIED : Outcome.NOBODY_THERE);
            }
            try (ByteChannel channel = opened) {
                ByteBuffer request = ByteBuffer.wrap(question.getBytes(StandardCharsets.US_ASCII));
                while (request.hasRemaining()) {
                    channel.write(request);
                }
                return understood(readWhole(channel));
            } catch (IOException e) {
                return Answer.failed(Outcome.NOT_UNDERSTOOD);
            }
        }
    }

    private ByteChannel open() throws IOException {
        if (address.startsWith(PIPE)) {
            String name = address.substring(PIPE.length()).replace('/', '\\');
            return new RandomAccessFile(name, "rw").getChannel();
        }
        Matcher tcp = TCP.matcher(address);
        if (tcp.matches()) {
            String port = tcp.group(2) == null ? USUAL_PORT : tcp.group(2);
            return connected(tcp.group(1).replaceAll("[\\[\\]]", ""), Integer.parseInt(port));
        }
        Path socket = host.path(address.substring(UNIX.length()));
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static ByteChannel connected(String name, int port) throws IOException {
        if (port > 0xffff) {
            throw new IOException("no port " + port);
        }
        InetSocketAddress engine = new InetSocketAddress(name, port);
        if (engine.isUnresolved()) {
            throw new IOException("no address of " + name);
        }
        return SocketChannel.open(engine);
    }

    private static Path parentOf(Path socket) {
        Path parent = socket.toAbsolutePath().getParent();
        return parent == null ? socket : parent;
    }

    /** A socket's connect says so only in the system's words, which the JDK leaves in English. */
    private static boolean isDenied(IOException e) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("permission denied");
    }

    private static byte[] readWhole(ByteChannel channel) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        while (channel.read(buffer) >= 0) {
            whole.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (whole.size() > LONGEST_ANSWER) {
                throw new IOException("more than " + LONGEST_ANSWER + " bytes");
            }
        }
        return whole.toByteArray();
    }

    private static Answer understood(byte[] bytes) {
        String answer = new String(bytes, StandardCharsets.UTF_8);
        int head = answer.indexOf("\r\n\r\n");
        boolean isGood = head > 0 && answer.startsWith("HTTP/1.") && answer.startsWith(" 200", 8);
        return isGood
                ? new Answer(Outcome.ANSWERED, answer.substring(head + 4))
                : Answer.failed(Outcome.NOT_UNDERSTOOD);
    }
}
