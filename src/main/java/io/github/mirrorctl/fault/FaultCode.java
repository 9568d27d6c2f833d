package io.github.mirrorctl.fault;

import java.util.Locale;

/**
 * What can go wrong in a way that a user can act on. The sentence for each code stands in the message bundles under
 * {@code fault.} and {@link #key()}; which exit code it becomes is the command line's business.
 */
public enum FaultCode {
    // Arguments that cannot be meant.
    /** The value of an option is none of those allowed. */
    USAGE_VALUE,
    USAGE_EXCLUSIVE,
    UNKNOWN_MIRROR,
    NOT_A_CANDIDATE,
    MISSPELT_MIRROR,
    RETIRED_MIRROR,
    PLACEHOLDER_MIRROR,
    PLACEHOLDER_VALUE,
    IMAGE_REFERENCE,
    IMAGE_NOT_ON_DOCKER_HUB,
    NO_CANDIDATES,
    UNKNOWN_PLATFORM,
    /** The user's own catalog has the entry already. */
    ENTRY_EXISTS,
    NO_SUCH_ENTRY,
    /** An address from which a catalog cannot safely come. */
    FETCH_ADDRESS,
    NO_BACKUPS,
    NO_SUCH_BACKUP,

    // A mirror URL that no engine could use, or that cannot be meant.
    URL_EMPTY,
    URL_BLANK,
    URL_SCHEME,
    URL_DOUBLE_SCHEME,
    URL_USER_INFO,
    URL_QUERY,
    URL_FRAGMENT,
    URL_PLACEHOLDER,
    URL_HOST,
    URL_PORT,
    /** A path that the installed engine would not start with. */
    URL_PATH,
    URL_DOCKER_HUB,

    // Data that cannot be understood.
    CATALOG_INVALID,
    /** A catalog that was fetched is not the one that was meant. */
    CATALOG_DIGEST,
    /** A catalog that was fetched is older than the one that is kept. */
    CATALOG_OLDER,
    CONFIG_INVALID,
    CONFIG_CONFLICT,
    /** The installed engine would not start with what stands in the file. */
    CONFIG_REFUSED,
    /** No engine would start with what stands in the file, so that it cannot be made live. */
    CONFIG_BROKEN,
    /** The installed engine was asked and refused the candidate. */
    ENGINE_REFUSES,
    DOCKER_INFO_UNREADABLE,
    BACKUP_CHANGED_SINCE,

    // An environment that does not let us.
    CANNOT_READ,
    /** A file's name has bytes that are no characters in this locale, so that it cannot be told to the system again. */
    UNREADABLE_NAME,
    CANNOT_FETCH,
    CANNOT_WRITE,
    /** Of several files that belong together some were written, and could not be put back. */
    NOT_ROLLED_BACK,
    CONFIG_CHANGED,
    CANNOT_RUN,
    /** The file is left to its owner, so that there is nothing to reload. */
    RELOAD_BY_HAND,
    /** This user may not give the engine orders. */
    RELOAD_DENIED,
    /** Only a restart would help, and that was not allowed. */
    NEEDS_RESTART,
    /** The engine that would be reloaded does not answer. */
    ENGINE_UNREACHABLE,
    /** The engine that would be reloaded reads another file. */
    ENGINE_READS_ANOTHER,
    NO_PLATFORM,
    /** The docker client talks to an engine on another machine. */
    ENGINE_ELSEWHERE;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The code as JSON and the message bundles spell it, such as {@code unknown-mirror}. */
    public String key() {
        return key;
    }
}
