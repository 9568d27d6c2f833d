package io.github.mirrorctl.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere names are the system's to resolve, and 127.0.0.2 is nobody")
@Timeout(60)
final class ResolverTest {
    private static final String NAME = "registry.example";
    private static final String FIRST = "127.0.0.1";
    private static final String SECOND = "127.0.0.2";

    private final Map<String, String> files = new HashMap<>(Map.of(
            "/etc/resolv.conf", "nameserver 127.0.0.1\n",
            "/proc/sys/kernel/hostname", "here\n",
            "/proc/net/if_inet6", "00000000000000000000000000000001 01 80 10 80       lo\n"));
    private final List<Closeable> opened = new ArrayList<>();

    private Optional<byte[]> file(String path) {
        return Optional.ofNullable(files.get(path)).map(text -> text.getBytes(UTF_8));
    }

    private Resolver resolver(FakeNameServer server) {
        return new Resolver(this::file, Map.of(), server.port());
    }

    private List<String> resolve(Resolver resolver, String host) throws Exception {
        return Arrays.stream(resolver.resolve(host, Deadline.after(Probes.AMPLE), this::remember))
                .map(InetAddress::getHostAddress)
                .toList();
    }

    private List<String> resolve(FakeNameServer server) throws Exception {
        return resolve(resolver(server), NAME);
    }

    private synchronized void remember(Closeable socket) {
        opened.add(socket);
    }

    private synchronized boolean hasOpened() {
        return !opened.isEmpty();
    }

    private static FakeNameServer server(FakeNameServer.Behaviour behaviour) throws Exception {
        return new FakeNameServer(FIRST, 0, behaviour);
    }

    @Test
    void both_families_are_asked_for_and_ipv4_comes_first() throws Exception {
        try (FakeNameServer server =
                server(query -> List.of(query.addresses("2001:db8::2", "192.0.2.9", "192.0.2.1", "2001:db8::1")))) {
            assertThat(resolve(server))
                    .containsExactly("192.0.2.9", "192.0.2.1", "2001:db8:0:0:0:0:0:2", "2001:db8:0:0:0:0:0:1");
            assertThat(server.asked()).containsExactly(NAME + " A", NAME + " AAAA");
            assertThat(server.askers().get(0)).isEqualTo(server.askers().get(1));
        }
    }

    @Test
    void a_machine_without_ipv6_asks_for_ipv4_alone() throws Exception {
        files.remove("/proc/net/if_inet6");

        try (FakeNameServer server = server(query -> List.of(query.addresses("192.0.2.1", "2001:db8::1")))) {
            assertThat(resolve(server)).containsExactly("192.0.2.1");
            assertThat(server.asked()).containsExactly(NAME + " A");
        }
    }

    @Test
    void an_address_knows_its_name_so_that_nobody_asks_for_it() throws Exception {
        try (FakeNameServer server = server(query -> List.of(query.addresses("192.0.2.1")))) {
            InetAddress[] found = resolver(server).resolve(NAME, Deadline.after(Probes.AMPLE), this::remember);

            assertThat(found[0].getHostName()).isEqualTo(NAME);
        }
    }

    @Test
    void what_was_found_is_remembered() throws Exception {
        try (FakeNameServer server = server(query -> List.of(query.addresses("192.0.2.1")))) {
            Resolver resolver = resolver(server);
            resolve(resolver, NAME);

            assertThat(resolve(resolver, NAME)).containsExactly("192.0.2.1");
            assertThat(server.asked()).hasSize(2);
        }
    }

    @Test
    void aliases_are_followed_in_any_order_and_what_is_not_theirs_is_left() throws Exception {
        try (FakeNameServer server = server(query -> List.of(query.answer(
                0,
                FakeNameServer.address("edge.example", "192.0.2.1"),
                FakeNameServer.alias("cdn.example", "EDGE.example"),
                FakeNameServer.address("other.example", "192.0.2.66"),
                FakeNameServer.alias(NAME, "cdn.example"))))) {
            files.remove("/proc/net/if_inet6");

            assertThat(resolve(server)).containsExactly("192.0.2.1");
        }
    }

    @Test
    void aliases_in_a_circle_lead_to_nothing() throws Exception {
        try (FakeNameServer server = server(query -> List.of(query.answer(
                0, FakeNameServer.alias(NAME, "cdn.example"), FakeNameServer.alias("cdn.example", NAME))))) {
            assertThatThrownBy(() -> resolve(server)).isInstanceOf(UnknownHostException.class);
        }
    }

    @Test
    void what_was_cut_short_is_asked_for_again_over_tcp() throws Exception {
        try (FakeNameServer server = server(
                query -> List.of(query.isTcp() ? query.addresses("192.0.2.1", "2001:db8::1") : query.answer(0x200)))) {
            assertThat(resolve(server)).containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
            assertThat(server.asked())
                    .containsExactly(NAME + " A", NAME + " AAAA", NAME + " A tcp", NAME + " AAAA tcp");
        }
    }

    @Test
    void use_vc_asks_over_tcp_alone() throws Exception {
        files.put("/etc/resolv.conf", "nameserver 127.0.0.1\noptions use-vc edns0 trust-ad\n");

        try (FakeNameServer server = server(query -> List.of(query.addresses("192.0.2.1")))) {
            assertThat(resolve(server)).containsExactly("192.0.2.1");
            assertThat(server.asked()).containsExactly(NAME + " A tcp", NAME + " AAAA tcp");
        }
    }

    @Test
    void single_request_asks_one_after_the_other_from_other_ports() throws Exception {
        files.put("/etc/resolv.conf", "nameserver 127.0.0.1\noptions single-request\n");

        try (FakeNameServer server = server(query -> List.of(query.addresses("192.0.2.1")))) {
            assertThat(resolve(server)).containsExactly("192.0.2.1");
            assertThat(server.askers().get(0)).isNotEqualTo(server.askers().get(1));
        }
    }

    @Test
    void a_name_that_does_not_exist_is_looked_for_nowhere_else() throws Exception {
        files.put("/etc/resolv.conf", "nameserver 127.0.0.1\nnameserver 127.0.0.2\n");

        try (FakeNameServer server = server(query -> List.of(query.answer(3)));
                FakeNameServer second =
                        new FakeNameServer(SECOND, server.port(), query -> List.of(query.addresses("192.0.2.66")))) {
            assertThatThrownBy(() -> resolve(server))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessage(NAME);
            assertThat(server.asked()).hasSize(2);
            assertThat(second.asked()).isEmpty();
        }
    }

    @Test
    void the_domains_are_searched_after_a_name_with_dots_and_before_one_with_too_few() throws Exception {
        FakeNameServer.Behaviour knowsSecond =
                query -> List.of(query.name().endsWith("b.example") ? query.addresses("192.0.2.1") : query.answer(3));
        files.put("/etc/resolv.conf", "search a.example. B.example\nnameserver 127.0.0.1\n");
        files.remove("/proc/net/if_inet6");

        try (FakeNameServer server = server(knowsSecond)) {
            assertThat(resolve(resolver(server), "mirror.lan")).containsExactly("192.0.2.1");
            assertThat(server.asked())
                    .containsExactly("mirror.lan A", "mirror.lan.a.example A", "mirror.lan.b.example A");
        }

        files.put("/etc/resolv.conf", files.get("/etc/resolv.conf") + "options ndots:2\n");
        try (FakeNameServer server = server(knowsSecond)) {
            assertThat(resolve(resolver(server), "mirror.lan")).containsExactly("192.0.2.1");
            assertThat(server.asked()).containsExactly("mirror.lan.a.example A", "mirror.lan.b.example A");
        }

        try (FakeNameServer server = server(knowsSecond)) {
            assertThatThrownBy(() -> resolve(resolver(server), "mirror.lan.")).isInstanceOf(UnknownHostException.class);
            assertThat(server.asked()).containsExactly("mirror.lan A");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void a_server_that_fails_is_followed_by_the_next(int code) throws Exception {
        files.put("/etc/resolv.conf", "nameserver 127.0.0.1\nnameserver 127.0.0.2\n");

        try (FakeNameServer server = server(query -> List.of(query.answer(code)));
                FakeNameServer second =
                        new FakeNameServer(SECOND, server.port(), query -> List.of(query.addresses("192.0.2.1")))) {
            assertThat(resolve(server)).containsExactly("192.0.2.1");
            assertThat(second.asked()).hasSize(2);
        }
    }

    @Test
    void servers_that_all_fail_are_asked_so_often_and_the_name_is_unknown() throws Exception {
        files.put("/etc/resolv.conf", "nameserver 127.0.0.1\noptions attempts:3\n");

        try (FakeNameServer server = server(query -> List.of(query.answer(2)))) {
            assertThatThrownBy(() -> resolve(server)).isInstanceOf(UnknownHostException.class);
            assertThat(server.asked()).hasSize(6);
        }
    }

    @Test
    void nobody_at_the_port_is_known_at_once() throws Exception {
        FakeNameServer gone = server(query -> List.of());
        gone.close();

        assertThatThrownBy(() -> resolve(gone)).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void addresses_of_one_family_are_enough_where_the_other_fails() throws Exception {
        try (FakeNameServer server = server(
                query -> List.of(query.type() == DnsMessage.A ? query.addresses("192.0.2.1") : query.answer(2)))) {
            assertThat(resolve(server)).containsExactly("192.0.2.1");
        }
    }

    @Test
    void forged_answers_are_passed_over() throws Exception {
        AtomicInteger count = new AtomicInteger();
        files.remove("/proc/net/if_inet6");
        FakeNameServer[] self = new FakeNameServer[1];

        try (FakeNameServer server = server(query -> {
            count.incrementAndGet();
            byte[] wrongId = query.addresses("192.0.2.66");
            wrongId[1]++;
            byte[] otherName = query.addresses("192.0.2.66");
            otherName[14] ^= 1;
            byte[] otherType = query.addresses("192.0.2.66");
            otherType[12 + NAME.length() + 3]++;
            byte[] question = query.bytes();
            self[0].sendFromElsewhere(query.addresses("192.0.2.66"));
            return List.of(
                    wrongId, otherName, otherType, question, new byte[0], new byte[11], query.addresses("192.0.2.1"));
        })) {
            self[0] = server;
            assertThat(resolve(server)).containsExactly("192.0.2.1");
            assertThat(count).hasValue(1);
        }
    }

    @Test
    void an_answer_that_comes_twice_is_no_answer_to_the_other_question() throws Exception {
        List<byte[]> kept = new ArrayList<>();

        try (FakeNameServer server = server(query -> {
            if (query.type() == DnsMessage.A) {
                kept.add(query.addresses("192.0.2.1"));
                return List.of(kept.get(0), kept.get(0));
            }
            return List.of(kept.get(0), query.addresses("2001:db8::1"));
        })) {
            assertThat(resolve(server)).containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
        }
    }

    @Test
    void silence_ends_at_the_deadline() throws Exception {
        try (FakeNameServer server = server(query -> List.of())) {
            long start = System.nanoTime();

            assertThatThrownBy(() -> resolver(server).resolve(NAME, Deadline.after(Probes.SHORT), this::remember))
                    .isInstanceOf(SocketTimeoutException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Probes.SHORT, Duration.ofSeconds(5));
        }
    }

    @Test
    void a_flood_of_what_is_no_answer_ends_at_the_deadline() throws Exception {
        try (FakeNameServer server = server(query -> {
            byte[] wrongId = query.addresses("192.0.2.66");
            wrongId[0]++;
            return Collections.nCopies(100_000, wrongId);
        })) {
            assertThatThrownBy(() -> resolver(server).resolve(NAME, Deadline.after(Probes.SHORT), this::remember))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void a_silent_server_is_followed_by_the_next_within_its_time() throws Exception {
        files.put("/etc/resolv.conf", "nameserver 127.0.0.1\nnameserver 127.0.0.2\noptions timeout:1\n");

        try (FakeNameServer server = server(query -> List.of());
                FakeNameServer second =
                        new FakeNameServer(SECOND, server.port(), query -> List.of(query.addresses("192.0.2.1")))) {
            assertThat(resolve(server)).containsExactly("192.0.2.1");
            assertThat(second.asked()).hasSize(2);
        }
    }

    @Test
    void only_what_was_not_answered_is_asked_again_and_from_another_port() throws Exception {
        files.put("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1\n");
        AtomicInteger ofIpv6 = new AtomicInteger();

        try (FakeNameServer server = server(query -> query.type() == DnsMessage.AAAA && ofIpv6.getAndIncrement() == 0
                ? List.of()
                : List.of(query.addresses("192.0.2.1", "2001:db8::1")))) {
            assertThat(resolve(server)).containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
            assertThat(server.asked()).containsExactly(NAME + " A", NAME + " AAAA", NAME + " AAAA");
            assertThat(server.askers().get(2)).isNotEqualTo(server.askers().get(1));
        }
    }

    @Test
    void who_closes_the_socket_ends_the_search_at_once() throws Exception {
        try (FakeNameServer server = server(query -> List.of())) {
            CompletableFuture<Throwable> end = inAThread(server);
            while (!hasOpened()) {
                Thread.onSpinWait();
            }
            for (Closeable socket : List.copyOf(opened)) {
                socket.close();
            }

            assertThat(end.get(2, TimeUnit.SECONDS)).isInstanceOf(UnknownHostException.class);
        }
    }

    /** As the walk does it: what is opened after the end is closed as it is opened. */
    private CompletableFuture<Throwable> inAThread(FakeNameServer server) {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                resolver(server).resolve(NAME, Deadline.after(Probes.AMPLE), socket -> {
                    if (hasOpened()) {
                        closed(socket);
                    }
                    remember(socket);
                });
                end.complete(new AssertionError("found something"));
            } catch (Exception e) {
                end.complete(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    private static void closed(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void who_interrupts_the_thread_ends_the_search_at_once() throws Exception {
        try (FakeNameServer server = server(query -> List.of())) {
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    resolve(server);
                } catch (Exception e) {
                    end.complete(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
            while (!hasOpened()) {
                Thread.onSpinWait();
            }
            thread.interrupt();

            assertThat(end.get(2, TimeUnit.SECONDS)).isInstanceOf(UnknownHostException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1", "::1", "0x7f.0.0.1", "localhost", "127.0.0.0x1"})
    void addresses_and_names_without_a_dot_are_never_asked_for(String host) throws Exception {
        try (FakeNameServer server = server(query -> List.of(query.addresses("192.0.2.66")))) {
            try {
                resolve(resolver(server), host);
            } catch (UnknownHostException odd) {
                // What the system makes of it is its own affair.
            }

            assertThat(server.asked()).isEmpty();
        }
    }

    @Test
    void the_hosts_file_comes_first_where_the_machine_says_so() throws Exception {
        files.put("/etc/hosts", "192.0.2.7 other " + NAME + " # it\n");

        try (FakeNameServer server = server(query -> List.of(query.addresses("192.0.2.1")))) {
            assertThat(resolve(server)).containsExactly("192.0.2.7");
            assertThat(server.asked()).isEmpty();

            files.put("/etc/nsswitch.conf", "hosts: dns files\n");
            assertThat(resolve(server)).containsExactly("192.0.2.1");
        }
    }

    @Test
    void the_hosts_file_comes_last_where_the_machine_says_so() throws Exception {
        files.put("/etc/hosts", "192.0.2.7 " + NAME + "\n");
        files.put("/etc/nsswitch.conf", "hosts: dns files\n");

        try (FakeNameServer server = server(query -> List.of(query.answer(3)))) {
            assertThat(resolve(server)).containsExactly("192.0.2.7");
            assertThat(server.asked()).hasSize(2);
        }
    }
}
