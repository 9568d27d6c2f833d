package io.github.mirrorctl.platform;

import java.util.Locale;

/**
 * Why a file or a command was refused. A fault carries the key as an argument; its words stand in the message bundles
 * under {@code reason.} and the key. Where no reason fits, the fault carries the system's own words instead.
 */
public enum Reason {
    READ_ONLY_FILE_SYSTEM,
    PERMISSION_DENIED,
    IS_A_FOLDER,
    /** A FIFO, a device or a socket. */
    NOT_A_FILE,
    /** The folder in which a file is to be made is not there. */
    NO_SUCH_FOLDER,
    /** Something on the way to the file is not a folder. */
    PARENT_NOT_A_FOLDER,
    /** Links that lead back to themselves. */
    LINK_LOOP,
    TOO_LARGE,
    NO_SPACE,
    /** There is space, but not for this user; what a file system with quotas most likely means. */
    QUOTA,
    /** The system forbids the change to everybody: {@code chattr +i}, or a folder where only a file's owner may. */
    IMMUTABLE,
    /** The file has a second name, which a replacement would leave with the old content. */
    HARD_LINKED,
    /** The file itself is mounted, as Docker does with {@code -v FILE:FILE}, and cannot be replaced. */
    MOUNT_POINT,
    /** A replacement could not be given the owner and mode of the file. */
    OWNER_CANNOT_BE_KEPT,
    /** Another run holds the file and did not let go in time. */
    BUSY,
    COMMAND_NOT_FOUND,
    NOT_EXECUTABLE;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As faults and the message bundles spell it, such as {@code is-a-folder}. */
    public String key() {
        return key;
    }
}
