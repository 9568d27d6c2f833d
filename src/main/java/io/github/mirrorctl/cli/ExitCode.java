package io.github.mirrorctl.cli;

import io.github.mirrorctl.fault.FaultCode;

/** What the process says to a script. The README and the help list the same. */
final class ExitCode {
    /** Done, or nothing to do. */
    static final int OK = 0;
    /** A mistake of ours. */
    static final int BUG = 1;
    /** Arguments that mean nothing. */
    static final int USAGE = 2;
    /** No usable mirror, or the mirrors are not live. */
    static final int FINDINGS = 3;
    /** A catalog, a configuration file or an output that cannot be understood. */
    static final int DATA = 4;
    /** Something cannot be read, written or run. */
    static final int ENVIRONMENT = 5;
    /** As a shell reports a process that ended by SIGINT. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}

    static int of(FaultCode code) {
        return switch (code) {
            case USAGE_VALUE,
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
                    ENTRY_EXISTS,
                    NO_SUCH_ENTRY,
                    FETCH_ADDRESS,
                    NO_BACKUPS,
                    NO_SUCH_BACKUP,
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
                    URL_PATH,
                    URL_DOCKER_HUB -> USAGE;
            case CATALOG_INVALID,
                    CATALOG_DIGEST,
                    CATALOG_OLDER,
                    CONFIG_INVALID,
                    CONFIG_CONFLICT,
                    CONFIG_REFUSED,
                    CONFIG_BROKEN,
                    ENGINE_REFUSES,
                    DOCKER_INFO_UNREADABLE,
                    BACKUP_CHANGED_SINCE -> DATA;
            case CANNOT_READ,
                    UNREADABLE_NAME,
                    CANNOT_FETCH,
                    CANNOT_WRITE,
                    NOT_ROLLED_BACK,
                    CANNOT_RUN,
                    RELOAD_BY_HAND,
                    RELOAD_DENIED,
                    NEEDS_RESTART,
                    ENGINE_UNREACHABLE,
                    ENGINE_READS_ANOTHER,
                    CONFIG_CHANGED,
                    NO_PLATFORM,
                    ENGINE_ELSEWHERE -> ENVIRONMENT;
        };
    }
}
