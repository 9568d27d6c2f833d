# shellcheck shell=bash
# What the end-to-end suites of cases have in common; they source this. A case is a function case_NAME, and what it shows
# stands in sentences[NAME]. It sets: failed, which a suite ends with.
#   E2E_RESULTS=FILE   gets a line for each case: PASS, FAIL or SKIP, and its name
# shellcheck disable=SC2034,SC2154 # what is set there and here for each other

failed=0

# Arguments: the verdict, the name and what it is about.
record() {
    echo "$1 $2: $3"
    echo "$1 $2: $3" >>"${E2E_RESULTS:-/dev/null}"
    if [[ $1 == FAIL ]]; then failed=1; fi
}

# Ends a suite that cannot run on this machine, which must not happen in CI. Arguments: its name, and why.
skip() {
    record "$([[ ${CI:-} == true ]] && echo FAIL || echo SKIP)" "$1" "$2"
    exit "$failed"
}

# Arguments: the suite's name, and the commands that it needs.
require_tools() {
    local suite=$1 tool
    shift
    for tool; do
        command -v "$tool" >/dev/null || skip "$suite" "$tool is not installed"
    done
}

# Runs a case in a shell of its own. Arguments: the suite's name and the case's.
try() {
    local status
    echo "-- $2"
    # Not "|| status=$?": that would switch off errexit inside.
    set +e
    (
        set -e
        "case_$2"
    ) </dev/null 2>&1
    status=$?
    set -e
    record "$( ((status == 0)) && echo PASS || echo FAIL)" "$1-$2" "${sentences[$2]}"
}

fail() {
    echo "NOT AS EXPECTED: $*"
    exit 1
}

# Arguments: what is compared, what is expected, and what is there.
equal() {
    if [[ $2 != "$3" ]]; then fail "$1: expected $(head -c 400 <<<"$2") but got $(head -c 400 <<<"$3")"; fi
}
