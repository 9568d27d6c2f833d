# shellcheck shell=bash
# Completion of mirrorctl for bash 3.2 and newer, printed by "mirrorctl completion bash".

# The first column of what mirrorctl prints, without a word on the terminal where it fails.
_mirrorctl_ask() {
    local id _
    while IFS=$'\t' read -r id _; do
        printf '%s\n' "$id"
    done < <(command "${COMP_WORDS[0]/#\~/$HOME}" "$@" -o plain 2>/dev/null)
}

_mirrorctl_offer() { # of the lines of $2, those that begin with $1
    local line
    while IFS= read -r line; do
        if [[ -n $line && $line == "$1"* ]]; then COMPREPLY+=("$line"); fi
    done <<<"$2"
}

_mirrorctl() {
    local current=${COMP_WORDS[COMP_CWORD]} command='' word='' option='' options='' candidates='' source='' i
    local -a catalog=() system=()
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ -n $option ]]; then
            # bash makes a word of its own of the "=" in --option=value.
            if [[ $word != = ]]; then
                case $option in
                    --catalog) catalog=("$option" "$word") ;;
                    --root | --platform | --config) system+=("$option" "$word") ;;
                esac
                option=''
            fi
            continue
        fi
        case $word in
            @VALUED@) option=$word ;;
            -*) ;;
            *)
                case ${command:+$command }$word in
                    @PATHS@) command=${command:+$command }$word ;;
                esac
                ;;
        esac
    done
    if [[ $current == = ]]; then current=''; fi

    case $command in
        @COMMANDS@
    esac
    if [[ -n $option ]]; then
        candidates='' source=''
        case "$command $option" in
        @VALUES@
        esac
    elif [[ $current == -* ]]; then
        candidates=$options source=''
    fi

    case $source in
        file)
            # Readline's own completion of files, which knows about blanks and tildes; bash 3.2 cannot be told so.
            compopt -o default 2>/dev/null || _mirrorctl_offer "$current" "$(compgen -f -- "$current")"
            ;;
        folder)
            compopt -o dirnames 2>/dev/null || _mirrorctl_offer "$current" "$(compgen -d -- "$current")"
            ;;
        mirror) _mirrorctl_offer "$current" "$(_mirrorctl_ask list -q --status active,unknown,degraded "${catalog[@]}")" ;;
        entry)
            _mirrorctl_offer "$current" "$(_mirrorctl_ask list -q --catalog "$(_mirrorctl_ask catalog path -q)")"
            ;;
        backup) _mirrorctl_offer "$current" "$(_mirrorctl_ask restore -q --list "${system[@]}")" ;;
        *) _mirrorctl_offer "$current" "${candidates// /$'\n'}" ;;
    esac
}

complete -F _mirrorctl mirrorctl
