package io.github.mirrorctl.task;

import io.github.mirrorctl.daemon.DaemonCommand;
import io.github.mirrorctl.daemon.DaemonConfig;
import io.github.mirrorctl.daemon.DockerInfo;
import io.github.mirrorctl.daemon.ProxySettings;
import io.github.mirrorctl.fault.Fault;
import io.github.mirrorctl.fault.Problem;
import io.github.mirrorctl.fault.Problem.Severity;
import io.github.mirrorctl.mirror.ImageStore;
import io.github.mirrorctl.platform.ConfigTarget;
import io.github.mirrorctl.platform.EngineApi;
import io.github.mirrorctl.platform.Host;
import io.github.mirrorctl.platform.Platform;
import io.github.mirrorctl.platform.ProcessTable;
import io.github.mirrorctl.registry.Proxies;
import io.github.mirrorctl.registry.Proxy;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Finds the proxies that the engine pulls through, so that mirrors are measured the way they will be used. A running engine
 * says itself what it uses. Else its flags and {@code proxies} in its file outrank the environment that it is started
 * with ({@code configureProxyEnv} in moby's {@code daemon/command/daemon.go}). Where nothing on the machine tells of an
 * engine, those of the shell are taken. Nothing that goes wrong here is more than a warning.
 */
public final class EngineProxy {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String INFO = "docker info";
    /** What an engine shows in the place of a login ({@code MaskCredentials} in moby's {@code daemon/config/config.go}). */
    private static final Optional<Proxy.Login> HIDDEN = Optional.of(new Proxy.Login("xxxxx", "xxxxx"));
    /** Docker Desktop's own proxy, known in its virtual machine alone; it goes on by the settings of this machine. */
    private static final String INSIDE_DESKTOP = ".docker.internal";

    private final Host host;

    private EngineProxy(Host host) {
        this.host = host;
    }

    /** Some proxies and where they were found. */
    private record Found(ProxySettings settings, String place) {

        Found over(Found others) {
            boolean isOwn = settings.any().isPresent();
            return new Found(settings.over(others.settings), isOwn ? place : others.place);
        }
    }

    /** The proxies of the engine that is meant, or of the shell where that is unknown. */
    public static ProxyChoice find(Host host, Installation.Hints hints) throws InterruptedException {
        return traits(host, hints).route();
    }

    /** These, and what else the engine says in the same breath. One that runs and does not answer costs 2 s. */
    public static EngineTraits traits(Host host, Installation.Hints hints) throws InterruptedException {
        ProxyChoice shells = ofShell(host);
        if (Installation.engineElsewhere(host, hints).isPresent()) {
            return new EngineTraits(shells, Optional.empty());
        }
        EngineProxy search = new EngineProxy(host);
        Optional<DockerInfo> told = search.told(hints);
        Optional<ProxyChoice> engines = search.ofEngine(hints, told.map(DockerInfo::proxies));
        return new EngineTraits(
                engines.map(choice -> choice.noting(shells)).orElse(shells), told.flatMap(DockerInfo::imageStore));
    }

    /** How the engine that is meant keeps images, without a look at its proxies; empty where it does not say. */
    public static Optional<ImageStore> store(Host host, Installation.Hints hints) throws InterruptedException {
        return Installation.engineElsewhere(host, hints).isPresent()
                ? Optional.empty()
                : new EngineProxy(host).told(hints).flatMap(DockerInfo::imageStore);
    }

    /** A proxy's URL as it may be shown. */
    static String shown(String url) {
        return Proxy.parse(url).map(Proxy::toString).orElseGet(() -> Proxy.withoutLogin(url));
    }

    /** The shell's own, for what is no engine's to fetch. */
    public static ProxyChoice ofShell(Host host) {
        ProxySettings settings = ProxySettings.of(host::environment);
        String place = Stream.of("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
                .filter(name -> host.environment(name).isPresent())
                .findFirst()
                .orElse("");
        return choice(new Found(settings, place), ProxyChoice.Origin.ENVIRONMENT, List.of());
    }

    private Optional<ProxyChoice> ofEngine(Installation.Hints hints, Optional<ProxySettings> told) {
        Supplier<Optional<Found>> files = () -> installation(hints).flatMap(this::inFiles);
        return told.isPresent()
                ? ofRunning(told.get(), files)
                : files.get().map(found -> choice(found, ProxyChoice.Origin.DAEMON, List.of()));
    }

    private Optional<Installation> installation(Installation.Hints hints) {
        try {
            return Optional.of(Installation.onThisMachine(host, hints));
        } catch (Fault nothingTells) {
            return Optional.empty();
        }
    }

    // ---- the engine that runs ----

    private Optional<DockerInfo> told(Installation.Hints hints) throws InterruptedException {
        boolean isHere = host.path("/").getFileSystem().equals(FileSystems.getDefault()) && !host.isRooted();
        // Beside a rootless engine there may be root's, which is what the client asks unless it is told otherwise.
        boolean isRootless = hints.platform().equals(Optional.of(Platform.ROOTLESS.key()));
        Optional<String> address = (isRootless
                        ? EngineAddress.rootless(host)
                        : EngineAddress.of(host).address())
                .filter(EngineApi::isLocal);
        if (!isHere || address.isEmpty()) {
            return Optional.empty();
        }
        EngineApi.Answer answer = new EngineApi(host, address.get()).info(PATIENCE);
        if (answer.outcome() != EngineApi.Outcome.ANSWERED) {
            return Optional.empty();
        }
        return Optional.of(DockerInfo.parse(answer.body()))
                .filter(info -> info.version().isPresent());
    }

    /** Whether it is a proxy of Docker Desktop's own, which nobody outside its machine reaches. */
    static boolean isInsideDesktop(String url) {
        return Proxy.parse(url)
                .filter(proxy -> proxy.host().endsWith(INSIDE_DESKTOP))
                .isPresent();
    }

    private Optional<ProxyChoice> ofRunning(ProxySettings told, Supplier<Optional<Found>> files) {
        if (told.any().filter(EngineProxy::isInsideDesktop).isPresent()) {
            return Optional.empty();
        }
        boolean hasHidden = isHidden(told.http()) || isHidden(told.https());
        ProxySettings spelled =
                hasHidden ? files.get().map(Found::settings).orElse(ProxySettings.NONE) : ProxySettings.NONE;
        List<Problem> problems = new ArrayList<>();
        ProxySettings whole = new ProxySettings(
                withLogin(told.http(), spelled.http(), problems),
                withLogin(told.https(), spelled.https(), problems),
                told.noProxy());
        return Optional.of(choice(
                new Found(whole, INFO),
                ProxyChoice.Origin.DAEMON,
                problems.stream().distinct().toList()));
    }

    private static boolean isHidden(Optional<String> url) {
        return url.flatMap(Proxy::parse)
                .map(Proxy::login)
                .filter(HIDDEN::equals)
                .isPresent();
    }

    private static Optional<String> withLogin(Optional<String> told, Optional<String> spelled, List<Problem> problems) {
        if (!isHidden(told)) {
            return told;
        }
        Optional<String> same = spelled.filter(url -> shown(url).equals(shown(told.get())));
        if (same.isEmpty()) {
            problems.add(Problem.of("proxy-login-hidden", Severity.WARNING, shown(told.get())));
        }
        return same.isPresent() ? same : Optional.of(shown(told.get()));
    }

    // ---- what it is started with ----

    /** Empty where nothing tells how the engine is started. */
    private Optional<Found> inFiles(Installation installation) {
        Optional<ProcessTable.Engine> process = installation.start().running();
        Optional<Map<String, String>> environment = process.flatMap(new ProcessTable(host)::environment);
        try {
            DaemonArguments started = installation.start().service();
            Found variables = environment.isPresent()
                    ? new Found(
                            ProxySettings.of(name ->
                                    Optional.ofNullable(environment.get().get(name))),
                            "/proc/" + RunningEngine.id(process.orElseThrow()) + "/environ")
                    : variables(started);
            Found flags = flags(process.map(RunningEngine::commandLine).orElseGet(started::commandLine));
            Found all = flags.over(inConfig(installation)).over(variables);
            boolean isKnown = process.isPresent()
                    || started.isFound()
                    || all.settings().any().isPresent();
            return isKnown ? Optional.of(all) : Optional.empty();
        } catch (Fault notUnderstood) {
            return Optional.of(inConfig(installation))
                    .filter(found -> found.settings().any().isPresent());
        }
    }

    private static Found variables(DaemonArguments started) {
        Map<String, String> files = new LinkedHashMap<>();
        ProxySettings settings = ProxySettings.of(name -> started.variable(name).map(variable -> {
            files.putIfAbsent(variable.value(), variable.file());
            return variable.value();
        }));
        return new Found(settings, settings.any().map(files::get).orElse(""));
    }

    private static Found flags(DaemonCommand start) {
        Map<String, String> files = new LinkedHashMap<>();
        Function<String, Optional<String>> last = flag -> start.lastValue(flag).map(value -> {
            files.putIfAbsent(value.text(), value.place().file());
            return value.text();
        });
        ProxySettings settings =
                new ProxySettings(last.apply("--http-proxy"), last.apply("--https-proxy"), last.apply("--no-proxy"));
        return new Found(settings, settings.any().map(files::get).orElse(""));
    }

    private Found inConfig(Installation installation) {
        ConfigTarget target = installation.target();
        Path file = target.format() == ConfigTarget.Format.DAEMON_JSON
                ? target.file()
                : installation.platform().daemonJson(host).file();
        try {
            ProxySettings settings = host.read(file)
                    .map(content -> DaemonConfig.parse(content, file.toString()).proxies())
                    .orElse(ProxySettings.NONE);
            return new Found(settings, file.toString());
        } catch (Fault notOursToSay) {
            return new Found(ProxySettings.NONE, file.toString());
        }
    }

    // ---- both ----

    private static ProxyChoice choice(Found found, ProxyChoice.Origin origin, List<Problem> problems) {
        List<Problem> all = new ArrayList<>(problems);
        Optional<Proxy> http = read(found.settings().http(), found.place(), all);
        Optional<Proxy> https = read(found.settings().https(), found.place(), all);
        Proxies proxies = Proxies.of(http, https, found.settings().noProxy().orElse(""));
        return new ProxyChoice(
                        proxies,
                        origin,
                        found.place(),
                        found.settings().noProxy(),
                        all.stream().distinct().toList())
                .told();
    }

    private static Optional<Proxy> read(Optional<String> url, String place, List<Problem> problems) {
        Optional<Proxy> proxy = url.flatMap(Proxy::parse);
        if (url.isPresent() && proxy.isEmpty()) {
            problems.add(Problem.of("proxy-unusable", Severity.WARNING, shown(url.get()), place));
        }
        return proxy;
    }
}
