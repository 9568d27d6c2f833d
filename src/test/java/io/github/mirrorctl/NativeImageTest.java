package io.github.mirrorctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an executable without a JVM has to carry beside the code, which GraalVM is told of in the jar. */
class NativeImageTest {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path METADATA =
            CLASSES.resolve("META-INF/native-image/io.github.mirrorctl/mirrorctl/reachability-metadata.json");

    @Test
    void carries_every_text_and_nothing_else() throws Exception {
        List<PathMatcher> carried = new ArrayList<>();
        for (JsonNode resource : new ObjectMapper().readTree(METADATA.toFile()).get("resources")) {
            carried.add(FileSystems.getDefault()
                    .getPathMatcher("glob:" + resource.get("glob").textValue()));
        }
        try (Stream<Path> files = Files.walk(CLASSES.resolve("io"))) {
            List<Path> all =
                    files.filter(Files::isRegularFile).map(CLASSES::relativize).toList();

            assertThat(all).hasSizeGreaterThan(10).allSatisfy(file -> {
                boolean isCode = file.toString().endsWith(".class");
                assertThat(carried.stream().anyMatch(glob -> glob.matches(file)))
                        .as(file.toString())
                        .isNotEqualTo(isCode);
            });
        }
    }
}
