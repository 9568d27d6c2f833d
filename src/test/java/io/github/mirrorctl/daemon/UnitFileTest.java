package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.daemon.UnitFile.EnvironmentFile;
import java.util.List;
import java.util.Optional;
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

    /** Where no file sets a variable. */
    private static DaemonCommand start(UnitFile unit) {
        return unit.commandLine(variable -> Optional.empty());
    }

    private static List<Argument> mirrors(UnitFile unit) {
        return start(unit).values("--registry-mirror");
    }

    @Test
    void tells_how_the_distribution_starts_the_daemon() {
        assertThat(start(DEBIAN).texts())
                .containsExactly("/usr/sbin/dockerd", "-H", "fd://", "--containerd=/run/containerd/containerd.sock");
        assertThat(DEBIAN.environmentFiles()).containsExactly(new EnvironmentFile("/etc/default/docker", true));
        assertThat(DEBIAN.variables()).containsExactly("DOCKER_OPTS");
        assertThat(mirrors(DEBIAN)).isEmpty();
    }

    @Test
    void finds_flags_with_their_file_and_line() {
        UnitFile unit = DEBIAN.with(
                dropIn(
                        "ExecStart=\nExecStart=/usr/bin/dockerd --registry-mirror=http://a \\\n  --registry-mirror  https://b -D\n"));

        assertThat(mirrors(unit).stream()
                        .map(flag -> flag.text() + " " + flag.place().file() + ":"
                                + flag.place().line()))
                .containsExactly("http://a " + DROP_IN + ":3", "https://b " + DROP_IN + ":4");
        assertThat(unit.variables()).isEmpty();
        assertThat(unit.environmentFiles()).hasSize(1);
    }

    @Test
    void finds_flags_in_the_environment_of_the_unit() {
        UnitFile unit = DEBIAN.with(dropIn(
                "Environment=A=1 \"DOCKER_OPTS=--debug --registry-mirror=https://a --log-opt \\\nmax-size=1m\"\n"));

        assertThat(mirrors(unit)).hasSize(1);
        Argument flag = mirrors(unit).get(0);
        assertThat(flag.text()).isEqualTo("https://a");
        assertThat(flag.place().line()).isEqualTo(2);
        assertThat(start(unit).lastValue("--log-opt").map(Argument::text)).contains("max-size=1m");
    }

    @Test
    void takes_the_last_value_of_a_variable() {
        UnitFile unit = DEBIAN.with(dropIn("Environment=DOCKER_OPTS=--registry-mirror=https://a\n"))
                .with(dropIn("Environment=\"DOCKER_OPTS=-D --registry-mirror='https://b'\"\n"));

        assertThat(mirrors(unit).stream().map(Argument::text)).containsExactly("https://b");
    }

    @Test
    void empty_settings_take_back_what_was_before() {
        UnitFile unit = DEBIAN.with(dropIn("EnvironmentFile=\nEnvironment=A=1\nEnvironment= \nExecStart=\n"));

        assertThat(unit.environmentFiles()).isEmpty();
        assertThat(unit.variable("A")).isEmpty();
        assertThat(start(unit).texts()).isEmpty();
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
                "ExecStart=/d ${DOCKER_OPTS} -x | /d,,-x",
                "ExecStart=/d -x\r%ExecStop=/s\r | /d,-x",
                "%%nonsense%=%ExecStart=/d | /d",
            })
    void reads_command_lines_as_systemd_does(String text, String words) {
        assertThat(start(dropIn(text.replace('%', '\n'))).texts()).containsExactly(words.split(",", -1));
    }

    @Test
    void sees_a_variable_in_braces_and_inside_a_word() {
        UnitFile unit = dropIn("Environment=CONF=/c Y=/y\nExecStart=/d --config-file ${CONF} --x=$Y\n");

        assertThat(unit.variables()).containsExactly("CONF", "Y");
        assertThat(start(unit).texts()).containsExactly("/d", "--config-file", "/c", "--x=$Y");
    }

    @Test
    void reads_a_file_with_nothing_in_it() {
        assertThat(start(UnitFile.parse("", UNIT)).words()).isEmpty();
        assertThat(start(UnitFile.parse("\n", UNIT)).words()).isEmpty();
    }
}
