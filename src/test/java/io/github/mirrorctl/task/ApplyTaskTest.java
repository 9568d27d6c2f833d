package io.github.mirrorctl.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.FaultCode;
import io.github.mirrorctl.mirror.Catalog;
import io.github.mirrorctl.mirror.CatalogReader;
import io.github.mirrorctl.platform.CommandRunner;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.registry.Depth;
import io.github.mirrorctl.registry.Resolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyTaskTest {
    @TempDir
    private Path folder;

    private Path file;
    private ApplyTask task;

    @BeforeEach
    void aMachineOfItsOwn() throws IOException {
        file = folder.toRealPath().resolve("daemon.json");
        Catalog catalog = CatalogReader.bundled();
        ProbeTask prober = new ProbeTask(
                catalog,
                registry -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
                Resolver.SYSTEM,
                ProxyChoice.UNUSED);
        task = new ApplyTask(Host.current(), catalog, prober, new CommandRunner(), Clock.systemUTC());
    }

    private ApplyTask.Request naming(String mirror) {
        return naming(mirror, "systemd", Reload.Mode.PRINT);
    }

    private ApplyTask.Request naming(String mirror, String platform, Reload.Mode mode) {
        return new ApplyTask.Request(
                new Selection(List.of(mirror), new Catalog.Filter(Set.of(), Set.of(), Set.of()), false),
                new ProbeTask.Options(
                        List.of(), Depth.PING, Duration.ZERO, 1, "amd64", Optional.empty(), Optional.empty()),
                new Installation.Hints(Optional.of(platform), Optional.of(file)),
                ApplyTask.Source.CATALOG,
                3,
                false,
                false,
                false,
                false,
                mode);
    }

    private ApplyTask.Plan plan(String mirror) throws InterruptedException {
        return task.plan(naming(mirror), measured -> {});
    }

    @Test
    void plans_anew_where_somebody_else_wrote_the_file_meanwhile() throws Exception {
        Files.writeString(file, "{\"debug\": true}");
        ApplyTask.Plan first = plan("https://first.example");
        ApplyTask.Plan second = plan("https://second.example");

        task.carryOut(first, (step, waited) -> {});
        ApplyTask.Applied applied = task.carryOut(second, (step, waited) -> {});

        assertThat(file)
                .content()
                .contains("\"debug\": true")
                .containsSubsequence("https://first.example", "https://second.example");
        assertThat(applied.plan().before()).containsExactly("https://first.example");
        assertThat(applied.plan().kept()).containsExactly("https://first.example");
        assertThat(applied.written()).isPresent();
    }

    @Test
    void writes_nothing_where_somebody_else_wrote_the_same_meanwhile() throws Exception {
        ApplyTask.Plan plan = plan("https://first.example");
        Files.writeString(file, "{\"registry-mirrors\": [\"https://first.example\"]}");

        ApplyTask.Applied applied = task.carryOut(plan, (step, waited) -> {});

        assertThat(applied.written()).isEmpty();
        assertThat(file).hasContent("{\"registry-mirrors\": [\"https://first.example\"]}");
    }

    @Test
    void makes_nothing_live_with_which_no_engine_would_start() throws Exception {
        file = file.resolveSibling("docker");
        Files.writeString(file, "DOCKER_OPTS=\"–-debug\"\n");

        ApplyTask.Request printing = naming("https://first.example", "sysv", Reload.Mode.PRINT);
        ApplyTask.Request restarting = naming("https://first.example", "sysv", Reload.Mode.RESTART);

        assertThat(task.plan(printing, measured -> {}).commands()).isEmpty();
        assertThatThrownBy(() -> task.plan(restarting, measured -> {}))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo(FaultCode.CONFIG_BROKEN));
        assertThat(file).hasContent("DOCKER_OPTS=\"–-debug\"\n");
    }

    @Test
    void leaves_alone_what_somebody_else_broke_meanwhile() throws Exception {
        Files.writeString(file, "{}");
        ApplyTask.Plan plan = plan("https://first.example");
        Files.writeString(file, "{\"debug\": ");

        assertThatThrownBy(() -> task.carryOut(plan, (step, waited) -> {}))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo(FaultCode.CONFIG_INVALID));
        assertThat(file).hasContent("{\"debug\": ");
    }
}
