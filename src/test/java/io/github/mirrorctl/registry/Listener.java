package io.github.mirrorctl.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Takes connections on a port, each to a thread of its own, and knows which of them are still open. */
final class Listener implements AutoCloseable {
    private static final long SMALL_STACK = 128 * 1024;
    private static final int BACKLOG = 256;
    private static final int MOST_GLANCES = 2000;
    private static final int MILLIS_BETWEEN_GLANCES = 5;

    /** What is done with a connection. It is closed afterwards. */
    interface Service {
        /** Ends with an exception where the client goes away, which is its right. */
        void serve(Socket client) throws IOException;
    }

    private final String name;
    private final Service service;
    private final ServerSocket server = new ServerSocket();
    private final Thread accepting;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    /** Has the port once nothing listens there any more. */
    private final Socket holder = new Socket();

    private Listener(String name, InetSocketAddress address, Service service) throws IOException {
        this.name = name;
        this.service = service;
        server.setReuseAddress(true);
        server.bind(address, BACKLOG);
        this.accepting = thread(name, this::acceptAll);
    }

    /** @throws IllegalStateException if the address is not to be had */
    static Listener on(InetSocketAddress address, String name, Service service) {
        try {
            Listener listener = new Listener(name, address, service);
            listener.accepting.start();
            return listener;
        } catch (IOException e) {
            throw new IllegalStateException("no port on " + address, e);
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Runs something that ends when the sockets it works with are closed. */
    void spawn(Runnable work) {
        thread(name + "-client", work).start();
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, SMALL_STACK);
        thread.setDaemon(true);
        return thread;
    }

    /** Takes this socket for one of those that are closed in the end. */
    void keep(Socket socket) {
        open.add(socket);
    }

    void drop(Socket socket) {
        closeQuietly(socket);
        open.remove(socket);
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                accepted.incrementAndGet();
                keep(client);
                spawn(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try {
            service.serve(client);
        } catch (IOException e) {
            // The client went away.
        } finally {
            drop(client);
        }
    }

    /** Whether every client has gone, or goes within a few seconds. */
    boolean isLeftAlone() throws InterruptedException {
        for (int i = 0; i < MOST_GLANCES && !open.isEmpty(); i++) {
            isClosedWithin(MILLIS_BETWEEN_GLANCES);
        }
        return open.isEmpty();
    }

    /** How many connections were accepted: as many as are expected, as soon as they are. */
    int accepted(int expected) throws InterruptedException {
        for (int i = 0; i < MOST_GLANCES && accepted.get() < expected; i++) {
            isClosedWithin(MILLIS_BETWEEN_GLANCES);
        }
        return accepted.get();
    }

    /** Waits so long, or until this is closed. */
    boolean isClosedWithin(long millis) throws InterruptedException {
        return closing.await(millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Refuses connections from here on. What is open stays, and the port is nobody else's meanwhile. A socket that is closed
     * listens on until the thread that waits for connections to it has left the kernel, so that this waits for the thread.
     */
    void refuse() {
        InetSocketAddress address = address();
        closeQuietly(server);
        try {
            accepting.join();
            holder.bind(address);
        } catch (IOException e) {
            // What is open holds it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        closeQuietly(server);
        closeQuietly(holder);
        open.forEach(Listener::closeQuietly);
    }

    /** The server's side of TLS over a connection, once the handshake is made. */
    static SSLSocket secured(Socket client, SSLContext context, Consumer<SSLParameters> restriction)
            throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(client, null, client.getPort(), true);
        socket.setUseClientMode(false);
        SSLParameters parameters = socket.getSSLParameters();
        restriction.accept(parameters);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** Says nothing more until the client goes away or the socket is closed. */
    static void hang(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        while (in.read() >= 0) {
            // A client that talks on is not answered.
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // It is of no more use either way.
        }
    }
}
