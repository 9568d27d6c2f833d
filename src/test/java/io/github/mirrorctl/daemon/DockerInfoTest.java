package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.daemon.DockerInfo.Trouble;
import io.github.mirrorctl.mirror.ImageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerInfoTest {
    /** Shortened from engine and client 20.10.24, which also lists the registry. */
    private static final String ENGINE_20 = """
            Client:
             Context:    default
             Debug Mode: false

            Server:
             Containers: 0
             Server Version: 20.10.24+dfsg1
             Storage Driver: overlay2
              Backing Filesystem: extfs
             Plugins:
              Volume: local
             Security Options:
              seccomp
               Profile: default
             Operating System: Debian GNU/Linux 12 (bookworm)
             Docker Root Dir: /var/lib/docker
             Labels:
             Insecure Registries:
              127.0.0.0/8
             Registry Mirrors:
              http://127.0.0.1:5001/
              https://mirror.example.com/
              https://hub.example.org:8443/
             Live Restore Enabled: false

            """;

    private static final List<String> THREE =
            List.of("http://127.0.0.1:5001/", "https://mirror.example.com/", "https://hub.example.org:8443/");

    private static List<String> mirrors(String text) {
        return DockerInfo.parse(text).mirrors().orElseThrow();
    }

    @Test
    void reads_what_a_current_engine_prints() {
        DockerInfo info = DockerInfo.parse(ENGINE_20);

        assertThat(info.mirrors()).contains(THREE);
        assertThat(info.version()).contains("20.10.24+dfsg1");
        assertThat(info.operatingSystem()).contains("Debian GNU/Linux 12 (bookworm)");
        assertThat(info.rootless()).contains(false);
        assertThat(info.imageStore()).contains(ImageStore.GRAPHDRIVER);
        assertThat(info.trouble()).isEqualTo(Trouble.NONE);
    }

    @Test
    void tells_a_rootless_daemon_on_the_containerd_store() {
        DockerInfo info = DockerInfo.parse("""
                Client: Docker Engine - Community
                 Context:    rootless

                Server:
                 Server Version: 29.7.2
                 Storage Driver: overlayfs
                  driver-type: io.containerd.snapshotter.v1
                 Security Options:
                  seccomp
                   Profile: builtin
                  rootless
                  cgroupns
                 Live Restore Enabled: false
                """);

        assertThat(info.mirrors()).contains(List.of());
        assertThat(info.rootless()).contains(true);
        assertThat(info.imageStore()).contains(ImageStore.CONTAINERD);
        assertThat(info.imageStore().orElseThrow().key()).isEqualTo("containerd");
    }

    @Test
    void reads_the_flat_layout_of_18_09() {
        assertThat(mirrors("""
                                Containers: 0
                                Server Version: 18.09.2
                                Insecure Registries:
                                 127.0.0.0/8
                                Registry Mirrors:
                                 https://a.example/
                                Live Restore Enabled: false
                                Product License: Community Engine
                                """)).containsExactly("https://a.example/");
    }

    @Test
    void reads_the_list_through_all_that_happens_to_a_copied_text() {
        String lost = ENGINE_20.lines().map(String::strip).collect(Collectors.joining("\n"));
        String commented = ENGINE_20.lines().map(line -> "# " + line).collect(Collectors.joining("\n"));

        assertThat(mirrors(ENGINE_20.replace("\n", "\r\n"))).isEqualTo(THREE);
        assertThat(mirrors(lost)).isEqualTo(THREE);
        assertThat(mirrors(commented)).isEqualTo(THREE);
        assertThat(mirrors(ENGINE_20.replace("  h", "\th"))).isEqualTo(THREE);
        assertThat(mirrors(ENGINE_20.replace("  h", "        h"))).isEqualTo(THREE);
        assertThat(mirrors("\uFEFF" + ENGINE_20)).isEqualTo(THREE);
        assertThat(mirrors("\u001b[1m" + ENGINE_20.replace("http://", "\u001b[32mhttp://") + "\u001b[0m"))
                .isEqualTo(THREE);
        assertThat(mirrors(ENGINE_20.substring(0, ENGINE_20.indexOf("\n Live"))))
                .isEqualTo(THREE);
        assertThat(mirrors(ENGINE_20.substring(ENGINE_20.indexOf(" Registry M"))))
                .isEqualTo(THREE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://a/   # the office | https://a/",
                "https://a/ <--- 这里 | https://a/",
                "https://a/（新增） | https://a/",
                "https://a | https://a",
                "- https://a/ | https://a/",
                "HTTPS://A:5000/x/ | HTTPS://A:5000/x/",
                "https://<ID>.a.example/ | https://<ID>.a.example/",
                "https://a.<你的 ID>.example/ | https://a.",
                "https://a.<你的ID>.example/ <- 这里 | https://a.<你的ID>.example/",
                "https://a.example/<br> | https://a.example/",
                "https://a.example<br>. | https://a.example<br>.",
            })
    void takes_the_address_and_leaves_what_is_written_behind_it(String line, String mirror) {
        assertThat(mirrors(" Registry Mirrors:\n  " + line + "\n Live Restore Enabled: false"))
                .containsExactly(mirror);
    }

    @Test
    void passes_over_warnings_wherever_they_stand() {
        String warning = "WARNING: No swap limit support\n";

        assertThat(mirrors(warning + ENGINE_20 + warning)).isEqualTo(THREE);
        assertThat(mirrors(ENGINE_20.replace("  https://m", warning + "  https://m")))
                .isEqualTo(THREE);
    }

    @Test
    void stops_where_the_list_stops() {
        assertThat(mirrors(" Registry Mirrors:\n  https://a/\n\nhttps://docs.example/\n"))
                .containsExactly("https://a/");
        assertThat(mirrors(" Registry Mirrors:\n  https://a/\n Product: https://b/\n"))
                .containsExactly("https://a/");
        assertThat(mirrors(" Registry Mirrors:\n\n  https://a/\n\n  https://b/\n"))
                .containsExactly("https://a/", "https://b/");
        assertThat(mirrors(" Registry Mirrors:\n Live Restore Enabled: false\n"))
                .isEmpty();
        assertThat(mirrors(" Registry Mirrors:")).isEmpty();
    }

    @Test
    void is_not_misled_by_labels_and_proxies() {
        String text = ENGINE_20
                .replace(" Labels:\n", " No Proxy: Registry Mirrors: x\n Labels:\n  note=Registry Mirrors:\n")
                .replace("Server:\n", "Server:\n Plugins:\n  Registry Mirrors: https://no/\n");

        assertThat(mirrors(text)).isEqualTo(THREE);
    }

    @Test
    void says_that_engines_before_1_13_do_not_show_mirrors() {
        assertThat(DockerInfo.parse("Server Version: 1.12.6\nStorage Driver: aufs\n")
                        .trouble())
                .isEqualTo(Trouble.MIRRORS_NOT_SHOWN);
        assertThat(DockerInfo.parse("Server Version: 1.12.6\nStorage Driver: aufs\n")
                        .mirrors())
                .isEmpty();
        assertThat(DockerInfo.parse("Storage Driver: aufs\nExecution Driver: native-0.2\n")
                        .trouble())
                .isEqualTo(Trouble.MIRRORS_NOT_SHOWN);
        assertThat(DockerInfo.parse("Server Version: 1.13.1\nStorage Driver: aufs\n")
                        .trouble())
                .isEqualTo(Trouble.NONE);
        assertThat(DockerInfo.parse("Server Version: 17.05.0-ce\nStorage Driver: aufs\n")
                        .trouble())
                .isEqualTo(Trouble.NONE);
    }

    @Test
    void does_not_take_the_beginning_of_a_label_for_a_list_without_mirrors() {
        String beginning = "Server:\n Containers: 3\n Storage Driver: overlay2\n Labels:\n";

        assertThat(DockerInfo.parse(beginning + "  Registry Mirrors:").trouble())
                .isEqualTo(Trouble.INFO_CUT);
        assertThat(DockerInfo.parse(beginning + "  a=b\n Registry Mirrors:").mirrors())
                .contains(List.of());
        // As where the first line of what was copied lost its indentation.
        assertThat(DockerInfo.parse("Labels:\n  a=b\n Registry Mirrors:\n  https://a.example/\n")
                        .mirrors())
                .contains(List.of("https://a.example/"));
    }

    @Test
    void does_not_take_a_text_that_ends_before_the_list_for_one_without_mirrors() {
        String beginning = "Containers: 3\nServer Version: 28.5.2\nStorage Driver: overlay2\n";
        String networks = "Insecure Registries:\n 127.0.0.0/8\n";

        assertThat(DockerInfo.parse(beginning).trouble()).isEqualTo(Trouble.INFO_CUT);
        assertThat(DockerInfo.parse(beginning + networks).trouble()).isEqualTo(Trouble.INFO_CUT);
        assertThat(DockerInfo.parse(beginning + networks).mirrors()).isEmpty();
        assertThat(mirrors(beginning + networks + "Live Restore Enabled: false\n"))
                .isEmpty();
        assertThat(mirrors(beginning + "Registry Mirrors:\n https://a/\n")).containsExactly("https://a/");
    }

    @Test
    void reads_json_of_the_client_and_of_the_api() {
        DockerInfo info = DockerInfo.parse("""
                {"ServerVersion":"28.5.2","Driver":"overlayfs","OperatingSystem":"Docker Desktop",
                 "DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]],
                 "SecurityOptions":["name=seccomp,profile=builtin","name=rootless"],
                 "RegistryConfig":{"IndexConfigs":{},"Mirrors":["https://a/","http://b:5000/"]},"ClientInfo":{}}
                """);

        assertThat(info.mirrors()).contains(List.of("https://a/", "http://b:5000/"));
        assertThat(info.version()).contains("28.5.2");
        assertThat(info.operatingSystem()).contains("Docker Desktop");
        assertThat(info.rootless()).contains(true);
        assertThat(info.imageStore()).contains(ImageStore.CONTAINERD);
        assertThat(info.trouble()).isEqualTo(Trouble.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | ``",
                "[\"https://a/\"] | https://a/",
                "{\"IndexConfigs\":{},\"Mirrors\":null} | ``",
                "{\"IndexConfigs\":{},\"Mirrors\":[\"https://a/\"]} | https://a/",
                "{\"IndexConfigs\":{\"docker.io\":{\"Mirrors\":[\"https://a/\"]}}} | https://a/",
                "WARNING: No swap limit support%[\"https://a/\"]% | https://a/",
                "{\"RegistryConfig\":{\"Mirrors\":[\"https://a/\"]}} | https://a/",
            })
    void reads_parts_of_the_json(String json, String mirror) {
        assertThat(mirrors(json.replace('%', '\n'))).isEqualTo(mirror.isEmpty() ? List.of() : List.of(mirror));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | NOT_DOCKER_INFO",
                "null | SERVER_MISSING",
                "hello | NOT_DOCKER_INFO",
                "{\"a\":1} | NOT_DOCKER_INFO",
                "[1] | NOT_DOCKER_INFO",
                "[[\"https://a/\"]] | NOT_DOCKER_INFO",
                "CONTAINER ID   IMAGE     COMMAND | NOT_DOCKER_INFO",
                "Client:% Context:    default%%Server:% | SERVER_MISSING",
                "Client:%%Server:%ERROR: Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running? | DAEMON_DOWN",
                "null%Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running? | DAEMON_DOWN",
                "failed to connect to the docker API at unix:///x; check if the path is correct | DAEMON_DOWN",
                "error during connect: this error may indicate that the docker daemon is not running | DAEMON_DOWN",
                "Got permission denied while trying to connect to the Docker daemon socket at unix:///x | PERMISSION_DENIED",
                "{\"ServerErrors\":[\"permission denied while trying to connect to the docker API at unix:///x\"],\"ClientInfo\":{}} | PERMISSION_DENIED",
                "{\"ServerErrors\":[\"Cannot connect to the Docker daemon at unix:///x\"]} | DAEMON_DOWN",
                "{\"ServerVersion\":\"\",\"RegistryConfig\":null,\"ClientInfo\":{}} | SERVER_MISSING",
                "{\"message\":\"page not found\"} | SERVER_ERROR",
                "errors pretty printing info | SERVER_MISSING",
                "Client:% Version: 28.5.2%%Server:% Engine:%  Version: 28.5.2 | NOT_DOCKER_INFO",
                "Error response from daemon: Docker Desktop is manually paused. Unpause it first | DESKTOP_PAUSED",
                "bash: docker: command not found | NO_CLIENT",
                "'docker' is not recognized as an internal or external command | NO_CLIENT",
                "Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg. | PODMAN",
                "host:%  arch: amd64%registries: {}%store:%  configFile: x% | PODMAN",
                "{\"host\":{\"arch\":\"amd64\"},\"store\":{},\"registries\":{}} | PODMAN",
            })
    void says_why_there_is_no_answer(String text, Trouble trouble) {
        DockerInfo info = DockerInfo.parse(text.replace('%', '\n'));

        assertThat(info.trouble()).isEqualTo(trouble);
        assertThat(info.mirrors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Server Version: 29\u001b[31m\u0007\u202e!",
                "{\"ServerVersion\":\"29\\u0007\\u202e!\",\"RegistryConfig\":{\"Mirrors\":[]}}"
            })
    void cleans_what_a_terminal_would_obey(String text) {
        assertThat(DockerInfo.parse(text).version()).contains("29!");
    }

    @Test
    void cuts_what_nobody_would_read() {
        String longText = "x".repeat(1_000_000);

        assertThat(DockerInfo.parse("Server Version: " + longText).version().orElseThrow())
                .hasSize(300);
        assertThat(mirrors("Registry Mirrors:\n https://" + longText).get(0)).hasSize(300);
        assertThat(mirrors("[\"https://" + longText + "\"]").get(0)).hasSize(300);
    }

    @Test
    void never_fails_whatever_it_is_given() {
        Random random = new Random(33);
        List<String> seeds = List.of(
                ENGINE_20,
                "{\"ServerVersion\":\"1\",\"SecurityOptions\":[\"a\"],\"DriverStatus\":[[\"a\",\"b\"]],\"RegistryConfig\":"
                        + "{\"IndexConfigs\":{\"docker.io\":{\"Mirrors\":[\"https://a/\"]}},\"Mirrors\":[\"https://a/\"]}}",
                "{\"ServerErrors\":[\"Cannot connect\"],\"ClientInfo\":{}}",
                "[\"https://a/\", null]");
        List<String> scraps = List.of(
                "\0",
                "\ud800",
                "{",
                "[".repeat(2000),
                "\n",
                "\t",
                "\"",
                ":",
                "null",
                "1e999999999",
                "\u001b[",
                "Registry Mirrors:\n",
                "://",
                "\uFEFF");

        List<DockerInfo> found = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
            for (int damage = random.nextInt(6); damage >= 0; damage--) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(12));
                text.replace(at, end, scraps.get(random.nextInt(scraps.size())));
            }
            found.add(DockerInfo.parse(text.toString()));
        }

        assertThat(found)
                .hasSize(5000)
                .allSatisfy(info -> assertThat(info.mirrors().orElse(List.of()))
                        .allSatisfy(mirror -> assertThat(mirror.chars().noneMatch(Character::isISOControl))
                                .isTrue()));
    }
}
