#compdef mirrorctl
# Completion of mirrorctl for zsh, printed by "mirrorctl completion zsh".

# Offers the first column of what mirrorctl prints, without a word on the terminal where it fails.
_mirrorctl_ask() {
    local -a lines
    lines=("${(@f)$(command ${~words[1]} "$@" -o plain 2>/dev/null)}")
    lines=("${(@)lines%%$'\t'*}")
    compadd -- ${lines:#}
}

_mirrorctl() {
    local command='' word='' option='' candidates='' source=''
    local -a options commands catalog system
    integer i
    for ((i = 2; i < CURRENT; i++)); do
        word=$words[i]
        if [[ -n $option ]]; then
            case $option in
                (--catalog) catalog=($option "$word") ;;
                (--root | --platform | --config) system+=($option "$word") ;;
            esac
            option=''
            continue
        fi
        case $word in
            (@VALUED@) option=$word ;;
            (--catalog=*) catalog=("$word") ;;
            (--root=* | --platform=* | --config=*) system+=("$word") ;;
            (-*) ;;
            (*)
                case "${command:+$command }$word" in
                    (@PATHS@) command="${command:+$command }$word" ;;
                esac
                ;;
        esac
    done
    if [[ -z $option && $words[CURRENT] == --*=* ]]; then
        option=${words[CURRENT]%%=*}
        compset -P '*='
    fi

    case $command in
        @COMMANDS@
    esac
    if [[ -n $option ]]; then
        candidates='' source='' commands=()
        case "$command $option" in
        @VALUES@
        esac
    elif [[ $words[CURRENT] == -* ]]; then
        _describe -o option options
        return
    fi

    case $source in
        file) _files ;;
        folder) _files -/ ;;
        mirror) _mirrorctl_ask list -q --status active,unknown,degraded $catalog ;;
        entry) _mirrorctl_ask list -q --catalog "$(command ${~words[1]} catalog path -q 2>/dev/null)" ;;
        backup) _mirrorctl_ask restore -q --list $system ;;
        *)
            if ((${#commands})); then
                _describe command commands
            else
                compadd -- ${=candidates}
            fi
            ;;
    esac
}

# Read from fpath, this file is the function; sourced, it says whose completion it is.
if [[ $funcstack[1] == _mirrorctl ]]; then
    _mirrorctl "$@"
else
    compdef _mirrorctl mirrorctl
fi
