package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.mirrorctl.daemon.DockerOpts.Dialect;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.fault.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerOptsTest {
    private static final String FILE = "/etc/default/docker";

    private static DockerOpts parse(String text, Dialect dialect) {
        return DockerOpts.parse(text, FILE, "DOCKER_OPTS", dialect);
    }

    private static DockerOpts shell(String text) {
        return parse(text, Dialect.SHELL);
    }

    /** Writes {@code %} for a line break, {@code R=} for the flag and {@code D} for the variable. */
    private static String spelled(String text) {
        return text.replace("%", "\n").replace("R=", "--registry-mirror=").replace("D=", "DOCKER_OPTS=");
    }

    private static List<String> list(String mirrors) {
        return mirrors.equals("-") ? List.of() : List.of(mirrors.split(" "));
    }

    private static String brief(Problem problem) {
        Problem.Place place = problem.place().orElseThrow();
        return place.line() + ":" + place.column() + " " + problem.code() + " " + problem.arguments();
    }

    private static List<String> warnings(DockerOpts opts) {
        return opts.problems().stream().map(DockerOptsTest::brief).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "D='R=a R=b' | a b",
                "D=\"--debug R=a --dns 8.8.8.8 R=b\" | a b",
                "D=R=a | a",
                "D=\"--registry-mirror a --registry-mirror b\" | a b",
                "#D='R=a'%D='--debug' | -",
                "D='R=a'%#D='R=b' | a",
                "D='R=a'%D='R=b' # last wins | b",
                "D='R=a'%D=\"$DOCKER_OPTS R=b\" | a b",
                "D='R=a'%D=\"R=b ${DOCKER_OPTS}\" | b a",
                "D='R=a'%DOCKER_OPTS+=' R=b' | a b",
                "export D='R=a' | a",
                "X=1 D='R=a' Y=2 | a",
                "D=\"--debug \\%  R=a \\%  R=b\" | a b",
                "D='--debug%R=a%R=b' | a b",
                "D= | -",
                "D=\"\" | -",
                " | -",
                "D=\"R=\"'a --debug' | a",
                "D=--x\\ R=a | a",
                "if [ -z \"$A\" ]; then%  B=1%fi%D=\"R=a\" | a",
                "D=\"-H tcp://$DOCKER_HOST:2375 R=a\" | a",
                "D='R=a'; [ -f /x ] && Y=1 | a",
                ". /lib/x%D='R=a' | a",
                "case $X in%  a) D='R=z';;%esac%D='R=a' | a",
                "f() {%  D='R=z'%}%D='R=a' | a",
                "D='R=a' >/dev/null | a",
            })
    void reads_the_mirrors_that_a_shell_would_pass(String text, String mirrors) {
        assertThat(shell(spelled(text == null ? "" : text)).mirrors()).isEqualTo(list(mirrors));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "D=\"--debug R=a --dns 8.8.8.8\" | b | D=\"--debug R=b --dns 8.8.8.8\"",
                "D='--debug R=a --ipv6' | b c | D='--debug R=b R=c --ipv6'",
                "D=\"--registry-mirror a -D\" | b c | D=\"--registry-mirror b --registry-mirror c -D\"",
                "D=\"R=a -D R=b\" | c | D=\"R=c -D\"",
                "D=\"R=a  -D\" | - | D=\"-D\"",
                "D=\"-D  R=a\" | - | D=\"-D\"",
                "D=\"-D R=a -l debug\" | - | D=\"-D -l debug\"",
                "D=\"R=a R=b\" | - | D=\"\"",
                "D='R=a' | - | D=''",
                "D=R=a | - | D=\"\"",
                "D=R=a | b | D=R=b",
                "D=R=a # why | b c | D=\"R=b R=c\" # why",
                "D= | a b | D=\"R=a R=b\"",
                "D=\"\" | a | D=\"R=a\"",
                "D='' # none | a | D='R=a' # none",
                "D=\"--debug \" | a | D=\"--debug R=a\"",
                "D=-D | a | D=\"-D R=a\"",
                "D='--x=1'%D=\"$DOCKER_OPTS R=a\" | b c | D='--x=1'%D=\"$DOCKER_OPTS R=b R=c\"",
                "D='R=a'%D=\"$DOCKER_OPTS --debug\" | b | D='R=b'%D=\"$DOCKER_OPTS --debug\"",
                "D='R=a'%D=\"$DOCKER_OPTS --debug\" | - | D=''%D=\"$DOCKER_OPTS --debug\"",
                "D='R=a'%D='R=b' | c | D='R=a'%D='R=c'",
                "D='-D'%D=$DOCKER_OPTS | a | D='-D'%D=\"$DOCKER_OPTS R=a\"",
                "D='-D'%DOCKER_OPTS+=' -x' | a | D='-D'%DOCKER_OPTS+=' -x R=a'",
                "D=\"-D \\%  R=a \\%  -x\" | b c | D=\"-D \\%  R=b \\%  R=c \\%  -x\"",
                "D=\"-D \\%  R=a \\%  -x\" | - | D=\"-D \\%  -x\"",
                "D=--x\\ R=a | b c | D=--x\\ R=b\\ R=c",
                "export D=\"-D\"%export X=1 | a | export D=\"-D R=a\"%export X=1",
                "# c%#D=\"--dns 8.8.8.8\"%%X=1% | a b | # c%#D=\"--dns 8.8.8.8\"%D=\"R=a R=b\"%%X=1%",
                "X=1 | a | X=1%D=\"R=a\"%",
                "X=1% | a | X=1%D=\"R=a\"%",
                "# D=x | a | # D=x%D=\"R=a\"",
                "if true; then%#D=x%fi | a | if true; then%#D=x%fi%D=\"R=a\"%",
            })
    void changes_the_flags_of_the_effective_assignment_alone(String before, String mirrors, String after) {
        assertThat(shell(spelled(before)).withMirrors(list(mirrors))).isEqualTo(spelled(after));
    }

    @Test
    void writes_one_line_into_a_file_with_nothing_in_it() {
        assertThat(shell("").withMirrors(List.of("https://a.example")))
                .isEqualTo("DOCKER_OPTS=\"--registry-mirror=https://a.example\"\n");
    }

    @Test
    void keeps_windows_line_ends_and_says_what_they_do() {
        DockerOpts opts = shell(spelled("# x\r%D=\"R=a\"\r%"));

        assertThat(opts.mirrors()).containsExactly("a");
        assertThat(warnings(opts)).containsExactly("2:1 carriage-return [DOCKER_OPTS]");
        assertThat(opts.withMirrors(List.of("b"))).isEqualTo(spelled("# x\r%D=\"R=b\"\r%"));
    }

    @Test
    void gives_the_same_text_for_the_same_list() {
        String text = "  DOCKER_OPTS=\"--registry-mirror   'https://a'  \" ";

        assertThat(shell(text).withMirrors(List.of("'https://a'"))).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "D=\"--debug% | 1:13 unbalanced-quote [\"]",
                "D='--debug%X=\"1\" | 1:13 unbalanced-quote [']",
                "D=\"--debug%X=\"1\" | 1:13 unbalanced-quote [\"]",
                "D=\"$(cat /etc/x)\" | 1:14 shell-needed []",
                "D=\"--debug `cat x`\" | 1:22 shell-needed []",
                "D=\"${X:-R=a}\" | 1:14 shell-needed []",
                "D=\"R=$M\" | 1:32 shell-needed []",
                "D=\"--registry-mirror $M\" | 1:32 shell-needed []",
                "M='R=a'%D=\"$M\" | 2:14 shell-needed []",
                "if [ -f x ]; then%D='R=a'%fi | 2:1 shell-needed []",
                "D='R=a'%[ -f x ] && D='R=b' | 2:13 shell-needed []",
                "D='R=a'%[ -f x ] &&%D='R=b' | 3:1 shell-needed []",
                "D='R=a'%. /etc/other | 2:1 shell-needed []",
                "D='R=a'%if true; then source x; fi | 2:15 shell-needed []",
                "D='R=a'%f() {%D='R=b'%} | 3:1 shell-needed []",
                "cat <<EOF%D='R=a'%EOF | 1:5 shell-needed []",
                "D=--debug R=a | 1:1 unquoted-value [DOCKER_OPTS]",
            })
    void refuses_what_only_a_shell_could_tell(String text, String expected) {
        String content = spelled(text.replace("cat <<EOF", "cat <<EOF"));

        Fault fault =
                catchThrowableOfType(Fault.class, () -> DockerOpts.parse(content, FILE, "DOCKER_OPTS", Dialect.SHELL));

        assertThat(fault).isNotNull();
        assertThat(fault.code()).isEqualTo(FaultCode.CONFIG_INVALID);
        assertThat(fault.problems().stream().map(DockerOptsTest::brief)).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "D=\"–registry-mirror=a\" | 1:14 en-dash-flag [–registry-mirror=a]",
                "D=\"—-registry-mirror=a\" | 1:14 en-dash-flag [—-registry-mirror=a]",
                "D=\"-D --registry-mirror\" | 1:17 flag-without-value [--registry-mirror]",
                "D=\"-D R= -x\" | 1:17 flag-without-value [--registry-mirror]",
                "D=\"R='a'\" | 1:32 literal-quote ['a']",
                "D=\"R=a\"%D=\"-D\" | 1:1 overridden-assignment [DOCKER_OPTS]",
                "DOCKER_OPTS+=\" -D\" | 1:1 append-needs-bash [DOCKER_OPTS]",
            })
    void warns_of_what_does_not_do_what_it_seems_to(String text, String expected) {
        assertThat(warnings(shell(spelled(text)))).containsExactly(expected);
    }

    @Test
    void never_writes_what_a_shell_would_run() {
        Fault fault = catchThrowableOfType(
                Fault.class, () -> shell("DOCKER_OPTS=\"\"").withMirrors(List.of("https://a/$(reboot)")));

        assertThat(fault.problems().get(0).code()).isEqualTo("unsafe-mirror");
    }

    @Test
    void leaves_an_odd_mirror_alone_that_stays_where_it_is() {
        String text = "DOCKER_OPTS=\"--registry-mirror='https://a' --debug\"";

        assertThat(shell(text).withMirrors(List.of("'https://a'", "https://b")))
                .isEqualTo("DOCKER_OPTS=\"--registry-mirror='https://a' --registry-mirror=https://b --debug\"");
    }

    @Test
    void refuses_assignments_that_double_themselves_without_end() {
        String text = "DOCKER_OPTS='--debug'\n" + "DOCKER_OPTS=\"$DOCKER_OPTS $DOCKER_OPTS\"\n".repeat(60);

        Fault fault = catchThrowableOfType(Fault.class, () -> shell(text));

        assertThat(fault.problems().get(0).code()).isEqualTo("shell-needed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "other_args"})
    void takes_the_variable_that_the_distribution_uses(String variable) {
        String text = "X_" + variable + "='no'\n" + variable + "='--selinux-enabled --registry-mirror=https://a'\n";

        DockerOpts opts = DockerOpts.parse(text, "/etc/sysconfig/docker", variable, Dialect.SYSTEMD);

        assertThat(opts.mirrors()).containsExactly("https://a");
        assertThat(opts.withMirrors(List.of("https://b"))).isEqualTo(text.replace("https://a", "https://b"));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void says_whether_the_variable_is_set(Dialect dialect) {
        assertThat(parse("DOCKER_OPTS=\"\"", dialect).isSet()).isTrue();
        assertThat(parse("# DOCKER_OPTS=\"\"", dialect).isSet()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "D=-D R=a R=b | a b | c | D=-D R=c",
                "D=\"-D R='a' R=b\" | a b | b | D=\"-D R='b'\"",
                "D=\"-D 'R=a'\" | a | - | D=\"-D\"",
                "D=\"-D R='a'\" | a | a b | D=\"-D R='a' R=b\"",
                "D='R=a'%D='R=b' | b | c | D='R=a'%D='R=c'",
                "; D='R=a'%X=1% | - | a | ; D='R=a'%D=\"R=a\"%X=1%",
                "D=-D \\%  R=a% | a | b c | D=-D \\%  R=b \\%  R=c%",
                "D=\"$(x) R=a\" | a | b | D=\"$(x) R=b\"",
                "# D=x%X=1 | - | a | # D=x%D=\"R=a\"%X=1",
                "D=R=a   % | a | a b | D=\"R=a R=b\"   %",
            })
    void edits_what_systemd_reads(String before, String mirrors, String wanted, String after) {
        DockerOpts opts = parse(spelled(before), Dialect.SYSTEMD);

        assertThat(opts.mirrors()).isEqualTo(list(mirrors));
        assertThat(opts.withMirrors(list(wanted))).isEqualTo(spelled(after));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "export D='R=a' | 1:1 line-ignored [export DOCKER_OPTS]",
                "DOCKER_OPTS+='R=a' | 1:1 line-ignored [DOCKER_OPTS+]",
                "D=\"$DOCKER_OPTS -D\" | 1:14 not-expanded [$DOCKER_OPTS]",
            })
    void warns_of_what_systemd_does_not_do(String text, String expected) {
        DockerOpts opts = parse(spelled(text), Dialect.SYSTEMD);

        assertThat(opts.mirrors()).isEmpty();
        assertThat(warnings(opts)).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'# x%#DOCKER_OPTS=\"--dns 8.8.8.8\"%# y%', 2",
        "'# x%', 1",
        "'# x%#DOCKER_OPTS=', 2",
    })
    void ends_a_new_line_as_a_shell_needs_it_among_windows_line_ends(String file, int lineIndex) {
        DockerOpts opts = DockerOpts.parse(
                file.replace("%", "\r\n"), "/etc/default/docker", "DOCKER_OPTS", DockerOpts.Dialect.SHELL);

        String edited = opts.withMirrors(List.of("https://m.example"));

        assertThat(edited.split("\n", -1)[lineIndex]).isEqualTo("DOCKER_OPTS=\"--registry-mirror=https://m.example\"");
        assertThat(DockerOpts.parse(edited, "f", "DOCKER_OPTS", DockerOpts.Dialect.SHELL)
                        .problems())
                .isEmpty();
    }
}
