package io.github.mirrorctl.daemon;

import io.github.mirrorctl.daemon.DockerInfo.Trouble;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells from the words of docker's client why no daemon answered. The texts are those of docker/cli and of
 * {@code client/request.go} in moby from 17.03 to 29; we match them since the client gives no code.
 */
final class DockerInfoTrouble {
    /** In this order, since a message about permission also says that it could not connect. */
    private static final List<Phrase> PHRASES = List.of(
            new Phrase("permission denied while trying to connect", Trouble.PERMISSION_DENIED),
            new Phrase("must be run with elevated privileges", Trouble.PERMISSION_DENIED),
            new Phrase("docker desktop is manually paused", Trouble.DESKTOP_PAUSED),
            new Phrase("docker desktop is paused", Trouble.DESKTOP_PAUSED),
            new Phrase("cannot connect to the docker daemon", Trouble.DAEMON_DOWN),
            new Phrase("failed to connect to the docker api", Trouble.DAEMON_DOWN),
            new Phrase("error during connect", Trouble.DAEMON_DOWN),
            new Phrase("emulate docker cli using podman", Trouble.PODMAN),
            new Phrase("connect to podman", Trouble.PODMAN),
            new Phrase("docker: command not found", Trouble.NO_CLIENT),
            new Phrase("docker: not found", Trouble.NO_CLIENT),
            new Phrase("command not found: docker", Trouble.NO_CLIENT),
            new Phrase("'docker' is not recognized", Trouble.NO_CLIENT),
            new Phrase("command 'docker' not found", Trouble.NO_CLIENT),
            new Phrase("'docker' could not be found in this wsl", Trouble.NO_CLIENT),
            new Phrase("docker：未找到命令", Trouble.NO_CLIENT),
            new Phrase("docker: 未找到命令", Trouble.NO_CLIENT),
            new Phrase("'docker' 不是内部或外部命令", Trouble.NO_CLIENT),
            new Phrase("error response from daemon", Trouble.SERVER_ERROR),
            new Phrase("errors pretty printing info", Trouble.SERVER_MISSING),
            new Phrase("executing \"\" at <.registryconfig", Trouble.SERVER_MISSING));

    private record Phrase(String text, Trouble trouble) {}

    private static final Pattern WORDS = Pattern.compile("(?i)error response from daemon: *(.*)");

    private DockerInfoTrouble() {}

    /** What the daemon says of its error; empty where it says none. */
    static String words(String text) {
        Matcher words = WORDS.matcher(text);
        return words.find() ? PlainText.of(words.group(1)) : "";
    }

    static Optional<Trouble> in(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return PHRASES.stream()
                .filter(phrase -> lower.contains(phrase.text()))
                .map(Phrase::trouble)
                .findFirst();
    }
}
