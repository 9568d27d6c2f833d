package io.github.mirrorctl.registry;

import io.github.mirrorctl.mirror.Network;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The client's side of SOCKS 5 (RFC 1928) with user name and password (RFC 1929), for connections. Names are left to the
 * proxy to resolve. One thread at a time.
 */
final class Socks5 {
    private static final int VERSION = 5;
    private static final int LOGIN_VERSION = 1;
    private static final int NO_LOGIN = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int LONGEST = 255;

    private final Socket socket;
    private final Supplier<Deadline> deadline;

    Socks5(Socket socket, Supplier<Deadline> deadline) {
        this.socket = socket;
        this.deadline = deadline;
    }

    /**
     * Agrees on how to log in, and does so.
     *
     * @return whether the proxy is content
     * @throws Connection.ProtocolException where it does not speak SOCKS 5
     */
    boolean login(Optional<Proxy.Login> login) throws IOException {
        send(
                login.isPresent()
                        ? new byte[] {VERSION, 2, NO_LOGIN, USER_AND_PASSWORD}
                        : new byte[] {VERSION, 1, NO_LOGIN});
        require(VERSION);
        int chosen = read();
        if (chosen == NO_LOGIN) {
            return true;
        }
        return chosen == USER_AND_PASSWORD && login.isPresent() && login(login.get());
    }

    private boolean login(Proxy.Login login) throws IOException {
        byte[] user = login.user().getBytes(StandardCharsets.UTF_8);
        byte[] password = login.password().getBytes(StandardCharsets.UTF_8);
        if (user.length > LONGEST || password.length > LONGEST) {
            return false;
        }
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(LOGIN_VERSION);
        message.write(user.length);
        message.writeBytes(user);
        message.write(password.length);
        message.writeBytes(password);
        send(message.toByteArray());
        require(LOGIN_VERSION);
        return read() == 0;
    }

    /**
     * Asks for a connection.
     *
     * @return 0 where there is one, else the code of RFC 1928, section 6, that says why not
     */
    int connect(String host, int port) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(VERSION);
        message.write(CONNECT);
        message.write(0);
        if (Network.isAddress(host)) {
            byte[] address = InetAddress.getByName(host).getAddress();
            message.write(address.length == 4 ? IPV4 : IPV6);
            message.writeBytes(address);
        } else {
            byte[] name = host.getBytes(StandardCharsets.US_ASCII);
            if (name.length > LONGEST) {
                throw new UnknownHostException(host);
            }
            message.write(NAME);
            message.write(name.length);
            message.writeBytes(name);
        }
        message.write(port >> 8);
        message.write(port);
        send(message.toByteArray());
        require(VERSION);
        int reply = read();
        if (reply == 0) {
            skipBoundAddress();
        }
        return reply;
    }

    private void skipBoundAddress() throws IOException {
        require(0);
        int kind = read();
        int length =
                switch (kind) {
                    case IPV4 -> 4;
                    case IPV6 -> 16;
                    case NAME -> read();
                    default -> throw new Connection.ProtocolException("an address of no known kind");
                };
        int portBytes = 2;
        for (int i = 0; i < length + portBytes; i++) {
            read();
        }
    }

    private void send(byte[] message) throws IOException {
        socket.getOutputStream().write(message);
    }

    private void require(int expected) throws IOException {
        if (read() != expected) {
            throw new Connection.ProtocolException("not SOCKS 5");
        }
    }

    /** One at a time, so that nothing is taken that belongs to the connection behind. */
    private int read() throws IOException {
        socket.setSoTimeout(deadline.get().remainingMillis());
        int value = socket.getInputStream().read();
        if (value < 0) {
            throw new EOFException("closed within an answer");
        }
        return value;
    }
}
