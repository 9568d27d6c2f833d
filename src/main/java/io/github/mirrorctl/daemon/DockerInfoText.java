package io.github.mirrorctl.daemon;

import io.github.mirrorctl.daemon.DockerInfo.Trouble;
import io.github.mirrorctl.mirror.ImageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code docker info} as text. The layout is {@code prettyPrintServerInfo} in docker/cli's
 * {@code cli/command/system/info.go}: up to 18.09 headings stand at column 0 and items at 1, since 19.03 at 1 and 2. People
 * also hand us what was copied through a web page, a chat or a comment, so indentation is a hint and no more.
 */
final class DockerInfoText {
    private static final String MIRRORS = "Registry Mirrors:";
    private static final Pattern ESCAPES = Pattern.compile("\u001B\\[[0-9;?]*[ -/]*[@-~]");
    private static final Pattern COMMENT = Pattern.compile("^[ \t]*#");
    /** An address up to what people write behind it; engines take one whose placeholder nobody has filled in. */
    private static final Pattern MIRROR = Pattern.compile(
            "(?:[-*] +)?([A-Za-z][A-Za-z0-9+.-]*://(?:[^\\s/（，、；<#\"']*<[^\\s<>]+>(?=\\.))?[^\\s（，、；<#\"']*).*");

    private static final Pattern OLD_VERSION = Pattern.compile("(?:0|1\\.(?:\\d|1[0-2]))\\.\\d.*");
    private static final Pattern PODMAN_SECTION = Pattern.compile("(?m)^(?:host|store):\\s*$");

    /** Keys that only a daemon's answer has, whatever its version. */
    private static final List<String> DAEMON_KEYS = List.of(
            "Server Version:",
            "Storage Driver:",
            "Docker Root Dir:",
            "Logging Driver:",
            "Insecure Registries:",
            "Live Restore Enabled:");

    /** A line without its indentation. */
    private record Line(int indent, String text) {
        boolean isWarning() {
            return text.toLowerCase(Locale.ROOT).startsWith("warning");
        }
    }

    private final String text;
    private final List<Line> lines;

    private DockerInfoText(String text) {
        this.text = text;
        this.lines = lines(text);
    }

    static DockerInfo parse(String text) {
        return new DockerInfoText(ESCAPES.matcher(text).replaceAll("")).read();
    }

    private static List<Line> lines(String text) {
        List<String> raw = text.lines().map(line -> line.replace("\uFEFF", "")).toList();
        boolean commented = raw.stream()
                .filter(line -> !line.isBlank())
                .allMatch(line -> COMMENT.matcher(line).find());
        return raw.stream()
                .map(line -> commented ? COMMENT.matcher(line).replaceFirst("") : line)
                .map(line -> line.replace('\u00A0', ' '))
                .map(line -> new Line(line.length() - line.stripLeading().length(), line.strip()))
                .toList();
    }

    private DockerInfo read() {
        boolean answered = DAEMON_KEYS.stream().anyMatch(this::has)
                || lines.stream().anyMatch(line -> line.text().equals(MIRRORS));
        if (!answered) {
            return DockerInfo.unreadable(trouble(), DockerInfoTrouble.words(text));
        }
        Optional<List<String>> shown = mirrors();
        Optional<String> version = value("Server Version:");
        boolean old = version.map(OLD_VERSION::matcher).map(Matcher::matches).orElse(isOlderThanVersions());
        Trouble trouble = shown.isPresent()
                ? Trouble.NONE
                : old ? Trouble.MIRRORS_NOT_SHOWN : endsBeforeTheList() ? Trouble.INFO_CUT : Trouble.NONE;
        return new DockerInfo(
                trouble == Trouble.NONE ? Optional.of(shown.orElse(List.of())) : Optional.empty(),
                version,
                value("Operating System:"),
                rootless(),
                imageStore(),
                value("Docker Root Dir:"),
                new ProxySettings(value("HTTP Proxy:"), value("HTTPS Proxy:"), value("No Proxy:")),
                listBelow("Insecure Registries:"),
                trouble,
                "");
    }

    /** Engines before 1.10 have an execution driver and say no version. */
    private boolean isOlderThanVersions() {
        return value("Execution Driver:").isPresent();
    }

    /** The count of containers opens the daemon's part and live-restore follows the list; an excerpt has neither. */
    private boolean endsBeforeTheList() {
        return has("Containers:") && !has("Live Restore Enabled:");
    }

    private boolean has(String key) {
        return lines.stream().anyMatch(line -> line.text().startsWith(key));
    }

    private Trouble trouble() {
        if (PODMAN_SECTION.matcher(text).results().count() >= 2) {
            return Trouble.PODMAN;
        }
        boolean clientAlone = text.strip().endsWith("\nServer:");
        return DockerInfoTrouble.in(text).orElse(clientAlone ? Trouble.SERVER_MISSING : Trouble.NOT_DOCKER_INFO);
    }

    /** The list below the last heading of that name, since labels and proxies, which may hold its words, stand before. */
    private Optional<List<String>> mirrors() {
        int heading = -1;
        for (int i = 0; i < lines.size(); i++) {
            heading = lines.get(i).text().equals(MIRRORS) ? i : heading;
        }
        return heading < 0 || isCutLabel(heading) ? Optional.empty() : Optional.of(mirrorsBelow(heading));
    }

    /** Whether the text ends within a label that begins like the heading, so that the list was not seen. */
    private boolean isCutLabel(int at) {
        Line line = lines.get(at);
        int parent = at - 1;
        while (parent >= 0
                && (lines.get(parent).isWarning() || lines.get(parent).indent() >= line.indent())) {
            parent--;
        }
        return lines.subList(at + 1, lines.size()).stream()
                        .allMatch(next -> next.text().isEmpty() || next.isWarning())
                && parent >= 0
                && lines.get(parent).text().equals("Labels:");
    }

    private List<String> mirrorsBelow(int heading) {
        List<String> mirrors = new ArrayList<>();
        int indent = -1;
        boolean gap = false;
        for (Line line : lines.subList(heading + 1, lines.size())) {
            Matcher mirror = MIRROR.matcher(line.text());
            if (line.text().isEmpty()) {
                gap = true;
            } else if (mirror.matches() && (!gap || indent < 0 || (indent > 0 && line.indent() == indent))) {
                indent = line.indent();
                gap = false;
                mirrors.add(PlainText.of(mirror.group(1)));
            } else if (!line.isWarning()) {
                break;
            }
        }
        return mirrors;
    }

    /** The lines below a heading that are indented further. */
    private List<String> listBelow(String heading) {
        List<String> items = new ArrayList<>();
        int at = 0;
        while (at < lines.size() && !lines.get(at).text().equals(heading)) {
            at++;
        }
        for (int i = at + 1;
                i < lines.size() && lines.get(i).indent() > lines.get(at).indent();
                i++) {
            items.add(PlainText.of(lines.get(i).text()));
        }
        return items;
    }

    private Optional<String> value(String key) {
        return lines.stream()
                .filter(line -> line.text().startsWith(key))
                .map(line -> PlainText.of(line.text().substring(key.length())))
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    private Optional<Boolean> rootless() {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).text().equals("Security Options:")) {
                return Optional.of(lines.subList(i, lines.size()).stream()
                        .anyMatch(line -> line.text().equals("rootless")));
            }
        }
        return Optional.empty();
    }

    private Optional<ImageStore> imageStore() {
        boolean containerd =
                lines.stream().anyMatch(line -> line.text().equals("driver-type: " + DockerInfo.CONTAINERD_DRIVER));
        if (containerd) {
            return Optional.of(ImageStore.CONTAINERD);
        }
        return value("Storage Driver:").map(driver -> ImageStore.GRAPHDRIVER);
    }
}
