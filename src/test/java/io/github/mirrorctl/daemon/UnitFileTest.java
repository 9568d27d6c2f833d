package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.daemon.UnitFile.EnvironmentFile;
import io.github.mirrorctl.daemon.UnitFile.Flag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitFileTest {
    private static final String UNIT = "/lib/systemd/system/docker.service";
    private static final String DROP_IN = "/etc/systemd/system/docker.service.d/override.conf";

    /** The lines that matter of Debian's docker.io 20.10.24 unit. */
    private static final UnitFile DEBIAN = UnitFile.parse("""
            [Unit]
            Description=Docker Application Container Engine
            ExecStart=/not/here

            [Service]
            Type=notify
            EnvironmentFile=-/etc/default/docker
            # the default is not to use systemd for cgroups
            ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS
            ExecReload=/bin/kill -s HUP $MAINPID

            [Install]
            WantedBy=multi-user.target
            """, UNIT);

    private static UnitFile dropIn(String text) {
        return UnitFile.parse("[Service]\n" + text, DROP_IN);
    }

    @Test
    void tells_how_the_distribution_starts_the_daemon() {
        assertThat(DEBIAN.execStart())
                .containsExactly(
                        "/usr/sbin/dockerd",
                        "-H",
                        "fd://",
                        "--containerd=/run/containerd/containerd.sock",
                        "$DOCKER_OPTS");
        assertThat(DEBIAN.environmentFiles()).containsExactly(new EnvironmentFile("/etc/default/docker", true));
        assertThat(DEBIAN.uses("DOCKER_OPTS")).isTrue();
        assertThat(DEBIAN.uses("OPTIONS")).isFalse();
        assertThat(DEBIAN.flags("--registry-mirror")).isEmpty();
    }

    @Test
    void finds_flags_with_their_file_and_line() {
        UnitFile unit = DEBIAN.with(
                dropIn(
                        "ExecStart=\nExecStart=/usr/bin/dockerd --registry-mirror=http://a \\\n  --registry-mirror  https://b -D\n"));

        assertThat(unit.flags("--registry-mirror").stream()
                        .map(flag -> flag.value() + " " + flag.place().file() + ":"
                                + flag.place().line()))
                .containsExactly("http://a " + DROP_IN + ":3", "https://b " + DROP_IN + ":4");
        assertThat(unit.uses("DOCKER_OPTS")).isFalse();
        assertThat(unit.environmentFiles()).hasSize(1);
    }

    @Test
    void finds_flags_in_the_environment_of_the_unit() {
        UnitFile unit = DEBIAN.with(dropIn(
                "Environment=A=1 \"DOCKER_OPTS=--debug --registry-mirror=https://a --log-opt \\\nmax-size=1m\"\n"));

        assertThat(unit.flags("--registry-mirror")).hasSize(1);
        Flag flag = unit.flags("--registry-mirror").get(0);
        assertThat(flag.value()).isEqualTo("https://a");
        assertThat(flag.place().line()).isEqualTo(2);
        assertThat(unit.flags("--log-opt").get(0).value()).isEqualTo("max-size=1m");
    }

    @Test
    void takes_the_last_value_of_a_variable() {
        UnitFile unit = DEBIAN.with(dropIn("Environment=DOCKER_OPTS=--registry-mirror=https://a\n"))
                .with(dropIn("Environment=\"DOCKER_OPTS=-D --registry-mirror='https://b'\"\n"));

        assertThat(unit.flags("--registry-mirror").stream().map(Flag::value)).containsExactly("https://b");
    }

    @Test
    void empty_settings_take_back_what_was_before() {
        UnitFile unit = DEBIAN.with(dropIn("EnvironmentFile=\nEnvironment=A=1\nEnvironment= \nExecStart=\n"));

        assertThat(unit.environmentFiles()).isEmpty();
        assertThat(unit.environment()).isEmpty();
        assertThat(unit.execStart()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ExecStart=/d --a=\"b c\" 'd e' | /d,--a=b c,d e",
                "ExecStart=-/d -x | /d,-x",
                "ExecStart=!!/d | /d",
                "ExecStart = /d  -x | /d,-x",
                "ExecStart=/d \\%# why%  ; why%  -x \\% -y%ExecStop=/s | /d,-x,-y",
                "ExecStart=/d a\\sb c\\\\d | /d,a b,c\\d",
                "#ExecStart=/d -x%ExecStart=/e | /e",
                "# a comment never goes on \\%ExecStart=/d | /d",
                "ExecStart=/d -x \\ | /d,-x",
                "ExecStart=/d ${DOCKER_OPTS} | /d,${DOCKER_OPTS}",
                "ExecStart=/d -x\r%ExecStop=/s\r | /d,-x",
                "%%nonsense%=%ExecStart=/d | /d",
            })
    void reads_command_lines_as_systemd_does(String text, String words) {
        assertThat(dropIn(text.replace('%', '\n')).execStart()).containsExactly(words.split(","));
    }

    @Test
    void sees_a_variable_in_braces_and_inside_a_word() {
        UnitFile unit = dropIn("ExecStart=/d --config-file ${CONF} --x=$Y\n");

        assertThat(unit.variables()).containsExactly("CONF", "Y");
        assertThat(unit.flags("--config-file").get(0).value()).isEqualTo("${CONF}");
    }

    @Test
    void reads_a_file_with_nothing_in_it() {
        assertThat(UnitFile.parse("", UNIT).execStart()).isEmpty();
        assertThat(UnitFile.parse("\n", UNIT).execStart()).isEmpty();
    }
}
