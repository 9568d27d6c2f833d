package io.github.mirrorctl.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens a TCP connection to the first address of a host that answers. Addresses of the two families take turns, each
 * gets a quarter of a second before the next one is tried beside it (RFC 8305, sections 4 and 5), so that a dead IPv6
 * route costs that much and not the whole deadline.
 */
final class Dialer {
    private static final Duration HEAD_START = Duration.ofMillis(250);
    /** A name may have thousands, of hosts that are none of the mirror's. */
    private static final int MOST_ADDRESSES = 16;

    /** A connection and how long its own TCP handshake took. */
    record Dialed(TimedSocket socket, Duration connect) {}

    private final Deadline deadline;
    private final Consumer<? super Socket> opened;

    /** @param opened is told of every socket before it connects, so that it can be closed at any time */
    Dialer(Deadline deadline, Consumer<? super Socket> opened) {
        this.deadline = deadline;
        this.opened = opened;
    }

    /**
     * Connects to this process itself, since the first connection of a process loads classes for some milliseconds, which
     * would count as the way to the first mirror.
     */
    static void warmUp() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket listening = new ServerSocket(0, 1, loopback)) {
            Dialer dialer = new Dialer(Deadline.after(HEAD_START), socket -> {});
            dialer.dial(new InetAddress[] {loopback}, listening.getLocalPort())
                    .socket()
                    .close();
        } catch (IOException e) {
            // Where even that is forbidden, the first mirror looks a little farther than it is.
        }
    }

    /** @throws IOException of the first address that failed, or {@link SocketTimeoutException} where one still hangs */
    Dialed dial(InetAddress[] addresses, int port) throws IOException {
        List<InetAddress> order = interleaved(addresses);
        if (order.size() == 1) {
            return connect(open(), order.get(0), port);
        }
        return race(order, port);
    }

    private Dialed race(List<InetAddress> order, int port) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            Dialed winner = winner(order, port, sockets);
            sockets.remove(winner.socket());
            return winner;
        } finally {
            for (Socket loser : sockets) {
                loser.close();
            }
        }
    }

    private Dialed winner(List<InetAddress> order, int port, List<Socket> sockets) throws IOException {
        BlockingQueue<Attempt> ended = new LinkedBlockingQueue<>();
        @Nullable IOException failure = null;
        int running = 0;
        for (int next = 0; next < order.size() || running > 0; ) {
            boolean more = next < order.size();
            if (more) {
                TimedSocket socket = open();
                sockets.add(socket);
                start(socket, order.get(next++), port, ended);
                running++;
                more = next < order.size();
            }
            Attempt attempt = await(ended, more ? HEAD_START.toNanos() : deadline.remainingNanos());
            if (attempt == null) {
                if (deadline.isPast()) {
                    throw new SocketTimeoutException("an address that did not answer");
                }
                continue;
            }
            running--;
            if (attempt.dialed() != null) {
                return attempt.dialed();
            }
            // An engine that meets one address that hangs hangs, whatever the others did.
            boolean worse = failure == null || attempt.failure() instanceof SocketTimeoutException;
            failure = worse ? attempt.failure() : failure;
        }
        throw failure == null ? new SocketTimeoutException("no address") : failure;
    }

    /** How one address ended: with a connection or a failure. */
    private record Attempt(
            @Nullable Dialed dialed, @Nullable IOException failure) {}

    private void start(TimedSocket socket, InetAddress address, int port, BlockingQueue<Attempt> ended) {
        Thread thread = new Thread(() -> {
            try {
                ended.add(new Attempt(connect(socket, address, port), null));
            } catch (IOException e) {
                ended.add(new Attempt(null, e));
            }
        });
        thread.setName("dial-" + address.getHostAddress());
        thread.setDaemon(true);
        thread.start();
    }

    private static @Nullable Attempt await(BlockingQueue<Attempt> ended, long nanos) throws IOException {
        try {
            return ended.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private TimedSocket open() {
        TimedSocket socket = new TimedSocket();
        opened.accept(socket);
        return socket;
    }

    private Dialed connect(TimedSocket socket, InetAddress address, int port) throws IOException {
        long start = System.nanoTime();
        try {
            socket.connect(new InetSocketAddress(address, port), deadline.remainingMillis());
            socket.setTcpNoDelay(true);
            return new Dialed(socket, Duration.ofNanos(System.nanoTime() - start));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static List<InetAddress> interleaved(InetAddress[] addresses) {
        List<InetAddress> order = new ArrayList<>();
        List<InetAddress> same = new ArrayList<>();
        List<InetAddress> other = new ArrayList<>();
        for (InetAddress address : addresses) {
            (address.getClass() == addresses[0].getClass() ? same : other).add(address);
        }
        for (int i = 0; i < Math.max(same.size(), other.size()); i++) {
            if (i < same.size()) {
                order.add(same.get(i));
            }
            if (i < other.size()) {
                order.add(other.get(i));
            }
        }
        return order.subList(0, Math.min(order.size(), MOST_ADDRESSES));
    }

    /** What a failure to connect says of the host. */
    static WalkException explain(IOException failure) {
        if (failure instanceof SocketTimeoutException) {
            return new WalkException(Step.CONNECT, Verdict.UNREACHABLE, Reason.of("connect-timeout"), failure);
        }
        if (failure instanceof NoRouteToHostException) {
            return new WalkException(Step.CONNECT, Verdict.UNREACHABLE, Reason.of("no-route"), failure);
        }
        if (failure instanceof ConnectException) {
            return new WalkException(Step.CONNECT, Verdict.REFUSED, Reason.of("connect-refused"), failure);
        }
        return new WalkException(Step.CONNECT, Verdict.UNREACHABLE, Reason.of("no-route"), failure);
    }
}
