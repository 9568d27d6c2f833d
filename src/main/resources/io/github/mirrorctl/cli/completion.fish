# Completion of mirrorctl for fish 3.1 and newer, printed by "mirrorctl completion fish".

# Whether the words before the cursor name this command and nothing below it.
function __mirrorctl_at
    set -l words (commandline -opc)
    set -l command ''
    set -l option ''
    for word in $words[2..-1]
        if test -n "$option"
            set option ''
            continue
        end
        if contains -- $word @VALUED@
            set option $word
        else if not string match -q -- '-*' $word
            set -l longer (string trim -- "$command $word")
            if contains -- $longer @PATHS@
                set command $longer
            end
        end
    end
    test "$command" = "$argv[1]"
end

# Those of these options that the words before the cursor hold, with their values.
function __mirrorctl_given
    set -l words (commandline -opc)
    set -l option ''
    for word in $words[2..-1]
        if test -n "$option"
            printf '%s\n' $option $word
            set option ''
        else if contains -- $word $argv
            set option $word
        else if contains -- (string replace -r '=.*' '' -- $word) $argv
            printf '%s\n' $word
        end
    end
end

# The first column of what mirrorctl prints, without a word on the terminal where it fails.
function __mirrorctl_ask
    set -l words (commandline -opc)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    command $program $argv -o plain 2>/dev/null | string replace -r '\t.*' ''
end

function __mirrorctl_mirrors
    __mirrorctl_ask list -q --status active,unknown,degraded (__mirrorctl_given --catalog)
end

function __mirrorctl_entries
    __mirrorctl_ask list -q --catalog (__mirrorctl_ask catalog path -q)
end

function __mirrorctl_backups
    __mirrorctl_ask restore -q --list (__mirrorctl_given --root --platform --config)
end

complete -c mirrorctl -f
@LINES@
