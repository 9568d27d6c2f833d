package io.github.mirrorctl.task;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything that {@code check} may find, by the codes that scripts rely on. The schema and the README list the same; a
 * test holds the three equal.
 */
public enum Finding {
    // What the daemon has, compared with the file.
    NOT_RELOADED(Field.MIRRORS),
    NOT_TAKEN(Field.MIRRORS),
    FLAGS_NOT_TAKEN(Field.MIRRORS),
    LIST_DELETED(Field.MIRRORS),
    ORDER_DIFFERS(Field.MIRRORS),
    NO_MIRRORS(Field.MIRRORS),

    // Which file, and which flags.
    WRONG_FILE("OperatingSystem, SecurityOptions, DockerRootDir"),
    ENGINE_ELSEWHERE,
    CLIENT_ASKS_ANOTHER,
    CONTEXT_MISSING,
    CONFIG_FILE_ELSEWHERE,
    CONFIG_FILE_RUNNING,
    CONFIG_FILE_NOT_READ,
    CONFIG_FILE_DIFFERS,
    MIRROR_FLAG,
    MIRROR_FLAG_RUNNING,
    MIRROR_FLAG_UNTIL_RESTART,
    FLAGS_UNKNOWN,
    MOVE_INTERRUPTED,

    // What the engine would refuse or pass over in its files.
    ENGINE_REFUSES,
    ENGINE_NOT_ASKED,
    SINGULAR_KEY,
    KEY_CASE,
    UNKNOWN_KEY,
    DUPLICATE_KEY,
    KEY_TOO_DEEP,
    KEY_TOO_NEW,
    KEY_GONE,
    KEY_IGNORED,
    KEY_AND_FLAG,
    KEY_TYPE,
    KEY_WHOLE_NUMBER,
    OPTION_NOT_TEXT,
    FLAG_ONLY,
    PROXY_OUTSIDE,
    BYTE_ORDER_MARK,
    BLANK_FILE,
    UNQUOTED_VALUE,
    OVERRIDDEN_ASSIGNMENT,
    APPEND_NEEDS_BASH,
    CARRIAGE_RETURN,
    LINE_IGNORED,
    FLAG_WITHOUT_VALUE,
    EN_DASH_FLAG,
    NOT_EXPANDED,
    LITERAL_QUOTE,

    // The mirrors themselves.
    RETIRED_MIRROR(Field.MIRRORS),
    DEGRADED_MIRROR(Field.MIRRORS),
    OTHER_REGISTRY(Field.MIRRORS),
    REGISTRY_AS_MIRROR(Field.MIRRORS),
    DUPLICATE_MIRROR(Field.MIRRORS),
    REPEATED_MIRROR,
    PATH_MIRROR(Field.MIRRORS),
    PLAIN_HTTP(Field.MIRRORS),
    MANY_MIRRORS(Field.MIRRORS),
    MIRROR_PATH,
    MIRROR_RESPELLED,
    URL_EMPTY(Field.MIRRORS),
    URL_BLANK(Field.MIRRORS),
    URL_SCHEME(Field.MIRRORS),
    URL_DOUBLE_SCHEME(Field.MIRRORS),
    URL_USER_INFO(Field.MIRRORS),
    URL_QUERY(Field.MIRRORS),
    URL_FRAGMENT(Field.MIRRORS),
    URL_PLACEHOLDER(Field.MIRRORS),
    URL_HOST(Field.MIRRORS),
    URL_PORT(Field.MIRRORS),
    URL_DOCKER_HUB(Field.MIRRORS),

    // What the list does to others, and what comes before it or never reads it.
    UNCHECKED_CERTIFICATES("RegistryConfig.InsecureRegistryCIDRs, RegistryConfig.IndexConfigs"),
    LOGIN_EXPOSED,
    CLIENT_KEY_MISSING,
    CLIENT_CERTIFICATE_MISSING,
    HOSTS_TOML("DriverStatus"),
    HOSTS_TOML_BESIDE("DriverStatus"),
    HOSTS_TOML_BUILDS("DriverStatus"),
    HOSTS_TOML_INVALID("DriverStatus"),
    BUILDER_NOT_REACHED,
    ENGINE_NOT_REACHED,
    PROXY_ONLY_HERE("HttpsProxy, HttpProxy"),
    PROXY_ONLY_DAEMON("HttpsProxy, HttpProxy"),

    // What a pull will do.
    PULL_SERVED,
    PULL_UNPROVEN,
    PULL_DELAYED("DriverStatus, ServerVersion"),
    PULL_HANGS("DriverStatus, ServerVersion"),
    PULL_ABORTS("DriverStatus, ServerVersion"),
    PULL_BY_HUB,
    PULL_FAILS,
    IMAGE_MIRRORED,
    IMAGE_NOT_MIRRORED,
    IMAGE_HOSTS_TOML("DriverStatus, ServerVersion"),

    // Why the daemon did not tell.
    DAEMON_DOWN,
    PERMISSION_DENIED,
    ENGINE_SILENT,
    ENGINE_UNREACHABLE,
    ENGINE_NEEDS_CLIENT,
    TLS_FILES_MISSING,
    NO_DOCKER,
    NO_CLIENT,
    PODMAN,
    DESKTOP_PAUSED,
    MIRRORS_NOT_SHOWN("ServerVersion"),
    INFO_CUT,
    SERVER_MISSING,
    SERVER_ERROR("ServerErrors"),
    NOT_DOCKER_INFO,
    NOTHING_RUN;

    /** Names that several share. */
    private static final class Field {
        static final String MIRRORS = "RegistryConfig.Mirrors";

        private Field() {}
    }

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final String field;

    Finding() {
        this("");
    }

    Finding(String field) {
        this.field = field;
    }

    /** As JSON spells it. */
    public String key() {
        return key;
    }

    /** Which fields of the engine's {@code GET /info} show it; empty where something else does. */
    public static Optional<String> field(String key) {
        return Arrays.stream(values())
                .filter(finding -> finding.key.equals(key))
                .map(finding -> finding.field)
                .filter(field -> !field.isEmpty())
                .findFirst();
    }
}
