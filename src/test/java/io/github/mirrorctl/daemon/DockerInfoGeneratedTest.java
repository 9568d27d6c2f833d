package io.github.mirrorctl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorctl.daemon.DockerInfo.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Made-up outputs of docker info, as engines, terminals, chats and web pages leave them: whatever is done to the text around
 * the list, the list is read, and where the text ends before it, nothing is made up.
 */
class DockerInfoGeneratedTest {
    private static final List<String> BEFORE = List.of(
            "Containers: 3",
            "Server Version: 24.0.5",
            "Storage Driver: overlay2",
            "Plugins:",
            "Kernel Version: 5.15.0",
            "Operating System: Ubuntu 22.04",
            "HTTP Proxy: http://proxy/?q=Registry Mirrors:",
            "No Proxy: Registry Mirrors,registry-mirror-cache.example",
            "Docker Root Dir: /var/lib/docker",
            "Product License: Registry Mirrors: https://no.example/",
            "init version: ");
    private static final List<String> LABELS = List.of(
            " note=Registry Mirrors:", " https://label.example/", " Registry Mirrors: https://label.example/", " a=b");
    private static final List<String> NOISE = List.of(
            "WARNING: No swap limit support",
            "WARNING: bridge-nf-call-iptables is disabled",
            "warning: Registry Mirrors: https://no.example/");
    private static final List<String> INDENTS = List.of("", " ", "  ", "        ", "\t");

    /** These are quickly read. */
    private static final int OUTPUTS = Math.max(100_000, Generation.DOCUMENTS);

    private final Random random = Generation.random();

    /** A text and what stands in its list. */
    private record Document(String text, List<String> mirrors, int endOfHeading) {
        /** What a reader can know of the list; nothing where the daemon's part has begun and ends before its place. */
        Optional<List<String>> told() {
            boolean isCut = endOfHeading == Integer.MAX_VALUE
                    && text.contains("Containers: 3")
                    && !text.contains("Live Restore Enabled:");
            return isCut ? Optional.empty() : Optional.of(mirrors);
        }
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private Document document() {
        boolean isFlat = random.nextInt(4) == 0;
        String heading = isFlat ? "" : any(INDENTS);
        String item = isFlat ? "" : heading + any(INDENTS.subList(1, INDENTS.size()));
        String end = random.nextInt(3) == 0 ? "\r\n" : "\n";
        StringBuilder text = new StringBuilder(random.nextInt(8) == 0 ? "\uFEFF" : "");
        if (random.nextBoolean()) {
            text.append("Client:")
                    .append(end)
                    .append(heading)
                    .append("Plugins:")
                    .append(end);
        }
        for (int i = random.nextInt(6); i >= 0; i--) {
            text.append(heading).append(any(BEFORE)).append(end);
            noise(text, end);
        }
        text.append(heading).append("Storage Driver: overlay2").append(end);
        if (random.nextBoolean()) {
            text.append(heading)
                    .append("Labels:")
                    .append(end)
                    .append(item)
                    .append(any(LABELS))
                    .append(end);
        }
        if (random.nextBoolean()) {
            text.append(heading)
                    .append("Insecure Registries:")
                    .append(end)
                    .append(item)
                    .append("127.0.0.0/8")
                    .append(end);
        }
        List<String> mirrors = new ArrayList<>();
        int endOfHeading = Integer.MAX_VALUE;
        if (random.nextInt(5) > 0) {
            text.append(heading).append("Registry Mirrors:").append(end);
            endOfHeading = text.length();
            for (int i = random.nextInt(5); i > 0; i--) {
                noise(text, end);
                String mirror = mirror();
                mirrors.add(mirror);
                text.append(item)
                        .append(mirror)
                        .append(any(List.of("", "", "  # ours", "（新增）", " ")))
                        .append(end);
            }
            noise(text, end);
        }
        if (random.nextBoolean()) {
            text.append(heading).append("Live Restore Enabled: false").append(end);
        }
        return new Document(text.toString(), mirrors, endOfHeading);
    }

    private void noise(StringBuilder text, String end) {
        if (random.nextInt(6) == 0) {
            text.append(any(NOISE)).append(end);
        }
    }

    private String mirror() {
        return any(List.of("https://", "http://", "HTTPS://"))
                + any(List.of("m", "docker.m", "127.0.0.1:5000", "[::1]:5000", "mirror-1.example"))
                + random.nextInt(1000)
                + any(List.of("", "/", "/x/"));
    }

    @Test
    void reads_the_list_whatever_stands_around_it() {
        for (int i = 0; i < OUTPUTS; i++) {
            Document document = document();

            DockerInfo info = DockerInfo.parse(document.text());

            assertThat(info.mirrors()).as(document.text()).isEqualTo(document.told());
        }
        Generation.report(OUTPUTS, "outputs of docker info, read");
    }

    /** At every point: what was read is a beginning of the list, its last entry perhaps cut. */
    @Test
    void makes_nothing_up_where_the_text_is_cut() {
        for (int i = 0; i < Math.max(1, Generation.DOCUMENTS / 500); i++) {
            Document document = document();
            for (int cut = 0; cut <= document.text().length(); cut++) {
                DockerInfo info = DockerInfo.parse(document.text().substring(0, cut));

                List<String> found = info.mirrors().orElse(List.of());
                String as = document.text().substring(0, cut);
                assertThat(found.size())
                        .as(as)
                        .isLessThanOrEqualTo(document.mirrors().size());
                for (int j = 0; j < found.size(); j++) {
                    boolean isLast = j == found.size() - 1;
                    String wanted = document.mirrors().get(j);
                    assertThat(isLast ? wanted.startsWith(found.get(j)) : wanted.equals(found.get(j)))
                            .as(as)
                            .isTrue();
                }
                boolean mayFollow = document.endOfHeading() < Integer.MAX_VALUE && as.contains("Containers: 3");
                if (cut < document.endOfHeading()) {
                    assertThat(found).as(as).isEmpty();
                }
                if (cut < document.endOfHeading() - 2 && mayFollow) {
                    assertThat(info.mirrors()).as(as).isEmpty();
                }
                assertThat(info.mirrors().isPresent() || info.trouble() != Trouble.NONE)
                        .as(as)
                        .isTrue();
            }
        }
    }
}
