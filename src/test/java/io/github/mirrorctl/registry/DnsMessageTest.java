package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.mirrorctl.registry.DnsMessage.Answer;
import io.github.mirrorctl.registry.DnsMessage.Outcome;
import io.github.mirrorctl.registry.DnsMessage.Question;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DnsMessageTest {
    private static final Question QUESTION = new Question(0xbeef, "a.example", DnsMessage.A);
    /** Of the question, as RFC 1035, section 4 has it. */
    private static final String NAME = "0161 07 6578616d706c65 00".replace(" ", "");

    private static byte[] message(String... hex) {
        return HexFormat.of().parseHex(String.join("", hex).replace(" ", ""));
    }

    private static Optional<Answer> answer(String... hex) {
        byte[] bytes = message(hex);
        return DnsMessage.answer(QUESTION, bytes, bytes.length);
    }

    /** With so many records behind the question. */
    private static Optional<Answer> answers(int count, String records) {
        return answer("beef 8180 0001", String.format("%04x", count), "0000 0000", NAME, "0001 0001", records);
    }

    @Test
    void a_question_is_spelled_as_the_rfcs_have_it() {
        assertThat(QUESTION.bytes(false, false)).isEqualTo(message("beef 0100 0001 0000 0000 0000", NAME, "0001 0001"));
        assertThat(QUESTION.bytes(true, true))
                .isEqualTo(message("beef 0120 0001 0000 0000 0001", NAME, "0001 0001", "00 0029 04d0 00000000 0000"));
    }

    @Test
    void compressed_names_are_read() {
        Optional<Answer> answer =
                answers(2, "c00c 0005 0001 0000003c 0004 0163 c00e" + "c027 0001 0001 0000003c 0004 c0000201");

        assertThat(answer.orElseThrow().addresses())
                .extracting(InetAddress::getHostAddress)
                .containsExactly("192.0.2.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c01b 0001 0001 0000003c 0004 c0000201", // a pointer to itself
                "c0ff 0001 0001 0000003c 0004 c0000201", // beyond the end
                "c01d c01b 0001 0001 0000003c 0004 c0000201", // forwards
                "80 0001 0001 0000003c 0004 c0000201", // a label of no known sort
                "c00c 0001 0001 0000003c 0005 c000020101", // an address of five bytes
                "c00c 0001 0001 0000003c ffff c0000201", // longer than the message
                "c00c 0001 0001 00",
                ""
            })
    void what_cannot_be_read_is_unclear(String record) {
        assertThat(answers(1, record).orElseThrow().outcome()).isEqualTo(Outcome.UNCLEAR);
    }

    @ParameterizedTest
    @CsvSource({
        "8180, ANSWERED",
        "8183, NO_SUCH_NAME",
        "8182, FAILED",
        "8185, UNCLEAR",
        "8181, UNCLEAR",
        "8380, TRUNCATED",
        "8100, FAILED", // neither authoritative nor willing to ask others
        "8500, ANSWERED"
    })
    void the_flags_say_what_an_answer_without_records_means(String flags, Outcome outcome) {
        assertThat(answer("beef", flags, "0001 0000 0000 0000", NAME, "0001 0001")
                        .orElseThrow()
                        .outcome())
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "beee 8180 0001, 0001 0001",
        "beef 0180 0001, 0001 0001",
        "beef 9180 0001, 0001 0001",
        "beef 8180 0000, 0001 0001",
        "beef 8180 0001, 001c 0001",
        "beef 8180 0001, 0001 0003",
        "beef 8180 0001, 0001"
    })
    void what_does_not_repeat_the_question_is_no_answer(String head, String tail) {
        assertThat(answer(head, "0000 0000 0000", NAME, tail)).isEmpty();
    }

    @Test
    void the_case_of_a_name_does_not_count() {
        assertThat(answer("beef 8183 0001 0000 0000 0000", NAME.replace("61", "41"), "0001 0001"))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "a.example, true",
        "_a.b-c.9.example, true",
        "'', false",
        ".example, false",
        "a..example, false",
        "a.example., false",
        "A.example, false",
        "a b.example, false",
        "é.example, false"
    })
    void names_are_of_letters_digits_hyphens_and_underscores(String name, boolean isName) {
        assertThat(DnsMessage.isName(name)).isEqualTo(isName);
    }

    @Test
    void names_and_labels_are_as_long_as_the_rfc_allows() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "a".repeat(61);

        assertThat(DnsMessage.isName(longest)).isTrue();
        assertThat(DnsMessage.isName(longest + "a")).isFalse();
        assertThat(DnsMessage.isName(label + "a.example")).isFalse();
        assertThat(new Question(1, longest, DnsMessage.AAAA).bytes(true, true)).hasSize(12 + 255 + 4 + 11);
    }

    @Test
    void no_damage_breaks_the_reading() {
        byte[] whole = message(
                "beef 8180 0001 0003 0000 0000",
                NAME,
                "0001 0001",
                "c00c 0005 0001 0000003c 0004 0163 c00e",
                "c027 0001 0001 0000003c 0004 c0000201",
                "c027 0001 0001 0000003c 0004 c0000202");
        Random random = new Random(20_261_126);

        for (int round = 0; round < 200_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(3) == 0 ? random.nextInt(damaged.length) : damaged.length;

            assertThatCode(() -> DnsMessage.answer(QUESTION, damaged, length))
                    .as(() -> HexFormat.of().formatHex(Arrays.copyOf(damaged, length)))
                    .doesNotThrowAnyException();
        }
    }
}
