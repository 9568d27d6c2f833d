package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostTest {
    private final Path top = Jimfs.newFileSystem(Configuration.unix()).getPath("/");

    private Host host(String os, Map<String, String> environment, String architecture) {
        return Host.of(top, environment, os, "/home/ann", "ann", architecture);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "x86_64, amd64",
        "amd64, amd64",
        "aarch64, arm64",
        "i386, 386",
        "arm, arm",
        "loongarch64, loong64",
        "riscv64, riscv64",
        "s390x, s390x"
    })
    void says_the_architecture_in_dockers_words(String jvm, String docker) {
        assertThat(host("Linux", Map.of(), jvm).architecture()).isEqualTo(docker);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"Linux, LINUX", "Mac OS X, MACOS", "Windows Server 2022, WINDOWS", "FreeBSD, OTHER", "Darwin, MACOS"})
    void tells_the_systems_apart(String name, OperatingSystem expected) {
        assertThat(host(name, Map.of(), "amd64").os()).isEqualTo(expected);
    }

    @Test
    void finds_variables_in_any_case_on_windows_only() {
        Map<String, String> environment = Map.of("ProgramData", "C:\\ProgramData");

        assertThat(host("Windows 11", environment, "amd64").environment("PROGRAMDATA"))
                .isPresent();
        assertThat(host("Linux", environment, "amd64").environment("PROGRAMDATA"))
                .isEmpty();
    }

    @Test
    void takes_a_blank_variable_for_none() {
        assertThat(host("Linux", Map.of("XDG_CONFIG_HOME", " "), "amd64").environment("XDG_CONFIG_HOME"))
                .isEmpty();
    }

    @Test
    void reads_what_exists_and_answers_nothing_for_what_does_not() throws IOException {
        Files.writeString(top.resolve("os-release"), "ID=debian");
        Host host = host("Linux", Map.of(), "amd64");

        assertThat(host.read(host.path("/os-release"))).contains("ID=debian".getBytes(StandardCharsets.UTF_8));
        assertThat(host.read(host.path("/nothing"))).isEmpty();
    }

    @Test
    void knows_the_machine_it_runs_on() {
        Host host = Host.current();

        assertThat(host.home()).isAbsolute();
        assertThat(host.isRooted()).isFalse();
        assertThat(host.javaVersion()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({"zh_CN.UTF-8, UTF-8", "en_US.utf8@x, UTF-8", "UTF-8, UTF-8", "zh_CN.GBK, GBK", "zh_CN.gb2312@x, GB2312"
    })
    void believes_a_locale_that_the_machine_does_not_have(String locale, String charset) {
        Host host = Host.of(Path.of("/"), Map.of("LANG", locale), "Linux", "/root", "root", "amd64");

        assertThat(host.terminalCharset().name()).isEqualTo(charset);
    }

    @Test
    void sees_the_locale_that_the_user_set_where_the_launcher_gave_java_another() {
        Map<String, String> launched = Map.of("LC_ALL", "C.UTF-8", "MIRRORCTL_LC_ALL", "zh_CN.GBK");

        assertThat(host("Linux", launched, "amd64").environment("LC_ALL")).contains("zh_CN.GBK");
        assertThat(host("Linux", Map.of("LC_ALL", "C.UTF-8", "MIRRORCTL_LC_ALL", ""), "amd64")
                        .environment("LC_ALL"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "stdout.encoding, cp437, IBM437",
        "stdout.encoding, GBK, GBK",
        "stdout.encoding, UTF-8, UTF-8",
        "sun.stdout.encoding, cp437, IBM437",
        "sun.stdout.encoding, ms936, x-mswin-936",
        "sun.stdout.encoding, UTF-8, UTF-8",
        "sun.stdout.encoding, cp65001, UTF-8",
    })
    void on_windows_speaks_as_the_console_does(String property, String value, String charset) {
        Map<String, Optional<String>> before = new HashMap<>();
        for (String name : List.of("stdout.encoding", "sun.stdout.encoding", "native.encoding")) {
            before.put(name, Optional.ofNullable(System.getProperty(name)));
            System.clearProperty(name);
        }
        try {
            System.setProperty("native.encoding", "windows-1252");
            System.setProperty(property, value);

            assertThat(host("Windows 11", Map.of(), "amd64").terminalCharset().name())
                    .isEqualTo(charset);
        } finally {
            System.clearProperty(property);
            before.forEach((name, old) ->
                    old.ifPresentOrElse(text -> System.setProperty(name, text), () -> System.clearProperty(name)));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "Linux, '', /home/ann/.local/state/mirrorctl/x",
        "Linux, XDG_STATE_HOME=/var/mine, /var/mine/mirrorctl/x",
        "Linux, XDG_STATE_HOME=relative, /home/ann/.local/state/mirrorctl/x",
        "Mac OS X, XDG_STATE_HOME=/var/mine, /home/ann/Library/Application Support/mirrorctl/x",
        "Windows 11, LOCALAPPDATA=/local, /local/mirrorctl/x",
        "Windows 11, '', /home/ann/AppData/Local/mirrorctl/x",
    })
    void keeps_what_it_remembers_where_the_system_wants_it(String os, String variable, String expected) {
        String[] sides = (variable + "=").split("=", -1);
        Map<String, String> environment = variable.isEmpty() ? Map.of() : Map.of(sides[0], sides[1]);

        assertThat(host(os, environment, "amd64").stateFile("x")).hasToString(expected);
    }

    @Test
    void describes_the_machine_by_what_people_call_it() throws Exception {
        Files.createDirectory(top.resolve("etc"));
        Files.writeString(top.resolve("etc").resolve("hostname"), "\nweb1\n");

        assertThat(host("Linux", Map.of(), "x86_64").description()).isEqualTo("web1 (Linux, amd64)");
        assertThat(host("Windows 11", Map.of("COMPUTERNAME", "PC7"), "x86_64").description())
                .isEqualTo("PC7 (Windows, amd64)");
    }

    @Test
    void finds_the_authorities_that_an_engine_is_given_for_one_registry() throws IOException {
        Path folder = Files.createDirectories(top.resolve("etc/docker/certs.d/mirror.corp:5000"));
        Files.writeString(folder.resolve("ca.crt"), "one");
        Files.writeString(folder.resolve("old.crt"), "two");
        Files.writeString(folder.resolve("client.cert"), "a login's");
        Files.createDirectory(folder.resolve("folder.crt"));
        Path users = Files.createDirectories(top.resolve("home/ann/.config/docker/certs.d/mirror.corp:5000"));
        Files.writeString(users.resolve("ca.crt"), "three");
        Host ann = host("Linux", Map.of(), "amd64");
        Host root = Host.of(top, Map.of(), "Linux", "/root", "root", "amd64");

        assertThat(text(ann.registryAuthorities("mirror.corp:5000"))).isEqualTo("one\ntwo\nthree\n");
        assertThat(text(root.registryAuthorities("mirror.corp:5000"))).isEqualTo("one\ntwo\n");
        assertThat(root.registryAuthorities("mirror.corp")).isEmpty();
        assertThat(host("Windows 11", Map.of(), "amd64").registryAuthorities("mirror.corp:5000"))
                .isEmpty();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
