package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.fault.Problem;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DaemonCommandTest {
    /** Each word on a line of its own. */
    private static DaemonCommand start(String words) {
        String[] texts = words.split(" ", -1);
        return new DaemonCommand(IntStream.range(0, texts.length)
                .mapToObj(i -> new Argument(texts[i], new Problem.Place("unit", i + 1, 0, "")))
                .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dockerd --a=1 -D --a 2 --a=3 | 1 2 3 | dockerd -D",
                "dockerd --ab=1 --a-b 2 a=3 | '' | dockerd --ab=1 --a-b 2 a=3",
                "dockerd --a --a=1 --a=2 | --a=1 2 | dockerd",
                "dockerd --a=b=c | b=c | dockerd",
                "dockerd --a= -D | '' | dockerd -D",
                "dockerd -D --a | '' | dockerd -D --a",
            })
    void reads_a_flag_with_its_value(String words, String values, String rest) {
        DaemonCommand start = start(words);

        assertThat(String.join(
                        " ", start.values("--a").stream().map(Argument::text).toList()))
                .isEqualTo(values);
        assertThat(String.join(" ", start.without(Set.of("--a")).texts())).isEqualTo(rest);
    }

    @Test
    void takes_several_flags_out_at_once() {
        assertThat(start("dockerd --a 1 --b=2 --c 3 --a=4")
                        .without(Set.of("--a", "--b"))
                        .texts())
                .containsExactly("dockerd", "--c", "3");
    }

    @Test
    void the_last_value_counts_and_stands_where_its_flag_does() {
        assertThat(start("dockerd --a 1 --a 2").lastValue("--a"))
                .contains(new Argument("2", new Problem.Place("unit", 4, 0, "")));
        assertThat(start("dockerd --a").lastValue("--a")).isEmpty();
        assertThat(DaemonCommand.EMPTY.lastValue("--a")).isEmpty();
    }
}
