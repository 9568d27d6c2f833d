package io.github.mirrorctl.registry;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name server on loopback, on one port for UDP and TCP, that answers as a test wants it to. */
final class FakeNameServer implements Closeable {
    /** What came. */
    record Query(byte[] bytes, String name, int type, boolean isTcp) {

        static Query read(byte[] bytes, int length, boolean isTcp) {
            StringBuilder name = new StringBuilder();
            int at = 12;
            for (int label = bytes[at++]; label != 0; label = bytes[at++]) {
                name.append(name.isEmpty() ? "" : ".").append(new String(bytes, at, label, StandardCharsets.US_ASCII));
                at += label;
            }
            byte[] own = Arrays.copyOf(bytes, length);
            return new Query(own, name.toString(), own[at + 1], isTcp);
        }

        @Override
        public String toString() {
            return name + " " + (type == DnsMessage.A ? "A" : "AAAA") + (isTcp ? " tcp" : "");
        }

        /** An answer to it. Each record is that of a type, an owner and its data, names written out. */
        byte[] answer(int flags, byte[]... records) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, 2);
            number(out, 0x8180 | flags);
            number(out, 1);
            number(out, records.length);
            number(out, 0);
            number(out, 0);
            // The question, whose end is found by its name: a byte for its length more than it is long, and four.
            int question = name.length() + 2 + 4;
            out.write(bytes, 12, question);
            for (byte[] record : records) {
                out.writeBytes(record);
            }
            return out.toByteArray();
        }

        /** An answer with the addresses that are of the type asked for. */
        byte[] addresses(String... addresses) {
            return answer(
                    0,
                    Arrays.stream(addresses)
                            .filter(address -> (address.indexOf(':') >= 0) == (type == DnsMessage.AAAA))
                            .map(address -> FakeNameServer.address(name, address))
                            .toArray(byte[][]::new));
        }
    }

    /** Answers a question, or does not. */
    interface Behaviour {
        List<byte[]> to(Query query) throws Exception;
    }

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Behaviour behaviour;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<SocketAddress> askers = new CopyOnWriteArrayList<>();

    /** @param port 0 for any */
    FakeNameServer(String address, int port, Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        this.tcp = new ServerSocket(port, 50, InetAddress.getByName(address));
        this.udp = new DatagramSocket(new InetSocketAddress(address, tcp.getLocalPort()));
        start(this::serveUdp);
        start(this::serveTcp);
    }

    int port() {
        return tcp.getLocalPort();
    }

    /** The questions in the order in which they came, such as {@code registry.example A tcp}. */
    List<String> asked() {
        return asked;
    }

    /** From where they came. */
    List<SocketAddress> askers() {
        return askers;
    }

    /** Sends something from another port than the one that is asked. */
    void sendFromElsewhere(byte[] message) throws IOException {
        try (DatagramSocket other = new DatagramSocket(0, udp.getLocalAddress())) {
            other.send(new DatagramPacket(message, message.length, askers.get(askers.size() - 1)));
        }
    }

    private interface Serving {
        void run() throws Exception;
    }

    private static void start(Serving serving) {
        Thread thread = new Thread(() -> {
            try {
                serving.run();
            } catch (Exception closed) {
                // The test has ended.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void serveUdp() throws Exception {
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
            udp.receive(packet);
            Query query = Query.read(packet.getData(), packet.getLength(), false);
            asked.add(query.toString());
            askers.add(packet.getSocketAddress());
            for (byte[] answer : behaviour.to(query)) {
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        }
    }

    private void serveTcp() throws Exception {
        while (true) {
            Socket socket = tcp.accept();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] bytes = new byte[in.readUnsignedShort()];
            in.readFully(bytes);
            Query query = Query.read(bytes, bytes.length, true);
            asked.add(query.toString());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            for (byte[] answer : behaviour.to(query)) {
                out.writeShort(answer.length);
                out.write(answer);
            }
            socket.close();
        }
    }

    static byte[] address(String owner, String address) {
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return record(owner, bytes.length == 4 ? 1 : 28, bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException(address, e);
        }
    }

    static byte[] alias(String owner, String target) {
        return record(owner, 5, name(target));
    }

    static byte[] record(String owner, int type, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(name(owner));
        number(out, type);
        number(out, 1);
        number(out, 0);
        number(out, 60);
        number(out, data.length);
        out.writeBytes(data);
        return out.toByteArray();
    }

    static byte[] name(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    private static void number(ByteArrayOutputStream out, int number) {
        out.write(number >> 8);
        out.write(number);
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
