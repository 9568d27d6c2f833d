package io.github.mirrorctl.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NameSourcesTest {
    private static final int PORT = 53;

    private final Map<String, String> files = new HashMap<>(Map.of(
            "/etc/resolv.conf", "nameserver 192.0.2.53\n",
            "/proc/sys/kernel/hostname", "Web.lan.example\n",
            "/proc/net/if_inet6", "fe80 eth0\n"));

    private Optional<byte[]> file(String path) {
        String text = files.get(path);
        if ("unreadable".equals(text)) {
            throw new Fault(FaultCode.CANNOT_READ, path, "permission-denied");
        }
        return Optional.ofNullable(text).map(content -> content.getBytes(UTF_8));
    }

    private Optional<NameSources> sources(Map<String, String> environment) {
        return NameSources.of(this::file, environment, PORT);
    }

    private Optional<NameSources> sources() {
        return sources(Map.of());
    }

    private Optional<ResolvConf> conf(String text) {
        return ResolvConf.parse(text, "web.lan.example", true, PORT);
    }

    private NameSources with(String hosts) {
        files.put("/etc/hosts", hosts);
        return sources().orElseThrow();
    }

    /** Those that distributions ship, as they were at the end of 2025. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // none, as on Alpine
                "passwd: files\n",
                "hosts: files dns", // Debian without a desktop
                "hosts:          files mdns4_minimal [NOTFOUND=return] dns", // Debian and Ubuntu
                "hosts: files mdns4_minimal [NOTFOUND=return] dns mymachines",
                "hosts:      files dns myhostname # of authselect", // Rocky Linux
                "hosts: files dns [!UNAVAIL=return]"
            })
    void the_usual_lines_are_files_before_dns(String line) {
        files.put("/etc/nsswitch.conf", line);

        assertThat(sources().orElseThrow().order()).containsExactly(NameSources.Source.HOSTS, NameSources.Source.DNS);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "hosts: files myhostname resolve [!UNAVAIL=return] dns, HOSTS DNS", // Fedora
                "hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns, DNS HOSTS" // Arch
            })
    void systemd_resolved_is_asked_where_it_is_the_name_server(String line, String order) {
        files.put("/etc/nsswitch.conf", line);
        assertThat(sources()).isEmpty();

        files.put("/etc/resolv.conf", "nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n");
        assertThat(sources().orElseThrow().order()).hasToString("[" + order.replace(" ", ", ") + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hosts: files",
                "hosts: files nis dns",
                "hosts: files winbind dns",
                "hosts: files [NOTFOUND=return] dns",
                "hosts: dns [!UNAVAIL=return] files",
                "hosts: files dns\nhosts: ldap",
                "unreadable"
            })
    void what_we_cannot_honour_is_the_c_librarys(String line) {
        files.put("/etc/nsswitch.conf", line);

        assertThat(sources()).isEmpty();
    }

    @Test
    void names_that_mdns_may_know_beside_its_own_are_the_c_librarys() {
        files.put("/etc/nsswitch.conf", "hosts: files mdns4 dns\n");
        assertThat(sources()).isPresent();

        files.put("/etc/mdns.allow", "*\n");
        assertThat(sources()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "RES_OPTIONS, ndots:2, false",
        "HOSTALIASES, /tmp/aliases, false",
        "LD_PRELOAD, libproxychains4.so, false",
        "LOCALDOMAIN, '', false",
        "RES_OPTIONS, '', true",
        "MIRRORCTL_OPTS, -Djava.net.preferIPv6Addresses=true, false",
        "JAVA_TOOL_OPTIONS, -Djdk.net.hosts.file=/tmp/hosts, false",
        "JAVA_TOOL_OPTIONS, -Xmx64m, true"
    })
    void an_environment_that_has_a_say_leaves_names_to_the_c_library(String name, String value, boolean isOurs) {
        assertThat(sources(Map.of(name, value)).isPresent()).isEqualTo(isOurs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/resolv.conf", "/proc/sys/kernel/hostname"})
    void a_machine_without_these_files_leaves_names_to_the_c_library(String missing) {
        files.remove(missing);

        assertThat(sources()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example, true",
        "web.lan.example, false",
        "printer.local, false",
        "a.localhost, false",
        "localhost.localdomain, false",
        "web, false"
    })
    void names_of_this_machine_and_its_neighbours_are_the_c_librarys(String name, boolean isOurs) {
        assertThat(sources().orElseThrow().concern(name)).isEqualTo(isOurs);
    }

    @Test
    void hosts_are_found_whole_and_outside_of_comments() {
        NameSources sources = with("""
                2001:DB8::7\tRegistry.Example alias.example
                # 192.0.2.1 registry.example
                192.0.2.2 my.registry.example registry.example.org
                192.0.2.3 other.example # registry.example
                192.0.2.4 other.example registry.example#and so on
                not-an-address registry.example
                registry.example
                192.0.2.5\tregistry.example""");

        assertThat(sources.inHosts("registry.example"))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("192.0.2.4", "192.0.2.5", "2001:db8:0:0:0:0:0:7");
        assertThat(sources.inHosts("alias.example")).hasSize(1);
        assertThat(sources.inHosts("example")).isEmpty();
    }

    @Test
    void without_hosts_as_a_source_nothing_is_read_of_it() {
        files.put("/etc/nsswitch.conf", "hosts: dns\n");

        assertThat(with("192.0.2.1 registry.example\n").inHosts("registry.example"))
                .isEmpty();
    }

    @Test
    void what_resolv_conf_says_is_taken() {
        ResolvConf conf = conf("""
                # of the network manager
                ; and so on
                nameserver 192.0.2.1
                nameserver\t2001:db8::53
                nameserver localhost
                nameserver 192.0.2.3
                nameserver 192.0.2.4
                domain first.example ignored.example
                search Second.example. .
                options ndots:99 timeout:0 attempts:9x rotate single-request-reopen
                options edns0 trust-ad use-vc no-reload
                """).orElseThrow();

        assertThat(conf.servers())
                .extracting(server -> server.getAddress().getHostAddress())
                .containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:53", "192.0.2.3");
        assertThat(conf.search()).containsExactly("second.example");
        assertThat(conf.dots()).isEqualTo(15);
        assertThat(conf.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(conf.attempts()).isEqualTo(5);
        assertThat(List.of(conf.rotates(), conf.isOneByOne(), conf.isExtended(), conf.asksForAuthentic(), conf.isTcp()))
                .containsOnly(true);
    }

    @Test
    void what_resolv_conf_leaves_out_is_as_resolv_conf_5_says() {
        ResolvConf conf = conf("nameserver 192.0.2.1\n").orElseThrow();

        assertThat(conf.search()).containsExactly("lan.example");
        assertThat(conf.dots()).isOne();
        assertThat(conf.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(conf.attempts()).isEqualTo(2);
        assertThat(conf.names("registry.example")).containsExactly("registry.example", "registry.example.lan.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "search a.example\n",
                "nameserver 192.0.2.1\nsortlist 192.0.2.0\n",
                "nameserver 192.0.2.1\noptions no-aaaa\n",
                "nameserver 192.0.2.1\noptions inet6\n"
            })
    void what_resolv_conf_says_oddly_is_the_c_librarys(String text) {
        assertThat(conf(text)).isEmpty();
    }
}
