# shellcheck shell=bash
# The cases of the end-to-end suite and the words they are told in. "run" sources this and calls case_NAME.
# It sets: here, mirrorctl, room (the temporary folder) and folder (that of the case).
# shellcheck disable=SC2034,SC2154 # what is set there and here for each other

declare -A sentences=(
    [mirrors_some_dead]="apply writes the two mirrors that work, dockerd pulls from the first, check agrees, restore undoes"
    [drift]="check tells that dockerd has not been reloaded"
    [root_without_docker]="apply --root writes the file of a machine without Docker"
    [no_network]="probe and apply say that there is no network, and write nothing"
    [docker_opts_sysv]="apply edits the flags of a SysV service, and dockerd takes them"
    [docker_opts_upstart]="apply edits the flags of an upstart service, and dockerd takes them"
    [interrupted]="apply that is interrupted at any moment ends at once with 130, and nothing is written"
    [broken_file]="apply leaves a broken daemon.json alone and points at the mistake"
    [repair]="apply --repair mends a broken daemon.json, dockerd starts with it, restore gives the broken one back"
    [flag_conflict]="apply names the unit whose flags dockerd would not start with"
    [kept_attributes]="apply and restore keep mode, owner, ACL, label and links of every sort"
    [refused_files]="apply names what stands in the place of the file, in both languages, and leaves it alone"
    [full_disk]="apply tells that the disk is full, and writes once it is not"
    [read_only_disk]="apply and restore tell that the file system is read-only"
    [immutable]="apply tells that nobody may change the file or its folder"
    [as_nobody]="apply as nobody writes what is nobody's, and tells how to write the rest"
    [move_flags]="apply --move-flags takes mirrors from Debian's DOCKER_OPTS into daemon.json, dockerd takes them, restore undoes both"
    [move_flags_killed]="a run killed between the two files of a move is explained, and one restore undoes it"
    [reload]="apply --reload and --none make dockerd take the list without a restart, and read a file it had not read"
    [reload_refused]="apply --reload puts the file back that dockerd does not take, and shows why in dockerd's words"
    [reload_odd]="apply --reload waits for a slow daemon, and puts the file back for one that refuses or dies"
    [reload_others]="apply --reload leaves alone what somebody else wrote meanwhile, and what was written when interrupted"
    [reload_beforehand]="apply --reload writes nothing where the daemon is not there, reads another file, or is not ours"
    [daemon_down]="check does not know without a daemon, and believes a docker info that it is given"
)
cases=(
    mirrors_some_dead drift root_without_docker no_network docker_opts_sysv docker_opts_upstart interrupted broken_file
    repair flag_conflict move_flags move_flags_killed kept_attributes refused_files full_disk read_only_disk immutable as_nobody
    reload reload_refused reload_odd reload_others reload_beforehand daemon_down
)

# --- the world of mirrors ----------------------------------------------------

upstream=http://127.0.0.1:5000
# In catalog order: the one that works late is before the fast one, and the broken ones are around both.
mirrors=(
    refused=5101:refuse hanging=5102:hang-ping late=5103:late silent=5104:hang-manifest forbidden=5105:forbidden
    broken=5106:error fast=5107:none website=5108:page moved=5109:away lost=5111:nowhere old=5110:stale
)
# What probe must call them; a host that leads nowhere has no single right word.
declare -A verdicts=(
    [refused]=refused [hanging]=stalled [late]=ready [silent]=stalled [forbidden]=denied [broken]=server-error
    [fast]=ready [website]=not-a-registry [moved]=not-a-registry [old]=stale [unknown]=unknown-host
)
late=http://127.0.0.1:5103
fast=http://127.0.0.1:5107
own=http://old.example

more_cases=()
for mirror in "${mirrors[@]}"; do
    case $mirror in
    fast=* | late=*) continue ;;
    esac
    more_cases+=("alone_${mirror%%=*}")
    sentences[alone_${mirror%%=*}]="apply replaces a mirror of the sort ${mirror#*:} by the two that work"
    eval "case_alone_${mirror%%=*}() { one_dead ${mirror%%=*}; }"
done

await() {
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.1
    done
    echo "Gave up waiting for: $*"
    return 1
}

start_mirrors() {
    access_log=$room/access.log
    cat >"$room/registry.yml" <<YML
version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: $room/registry}}
http: {addr: "${upstream#http://}"}
YML
    docker-registry serve "$room/registry.yml" >"$room/registry.log" 2>&1 &
    python3 "$here/registry.py" "$upstream" "$access_log" "${mirrors[@]}" >"$room/front.out" 2>&1 &
    await curl -fsS -m 2 "$upstream/v2/"
    python3 "$here/images.py" "$upstream" >"$room/images.out"
    await grep -q ready "$room/front.out"
    write_catalog "$room/catalog.json" "${mirrors[@]}"
}

# Only the two keys that a catalog of one's own must have.
write_catalog() {
    local file=$1
    shift
    printf '%s\n' "$@" "unknown=" |
        jq -nR '{schemaVersion: 1, updated: "2026-01-01", mirrors: [inputs | capture("(?<id>[^=]+)=(?<port>[0-9]*)")
            | {id, url: (if .port == "" then "https://mirror.invalid" else "http://127.0.0.1:" + .port end)}]}' >"$file"
}

# --- dockerd -----------------------------------------------------------------

# Starts dockerd with its data in the case's folder and waits until it answers.
start_dockerd() {
    dockerd --bridge=none --iptables=false --ip6tables=false --data-root "$folder/data" --exec-root "$folder/exec" \
        --host "$DOCKER_HOST" --pidfile "$folder/docker.pid" "$@" >"$folder/dockerd.log" 2>&1 &
    dockerd_pid=$!
    await answers_or_ended
    kill -0 "$dockerd_pid"
}

answers_or_ended() {
    curl -fsS -m 2 --unix-socket "${DOCKER_HOST#unix://}" http://docker/_ping || ! kill -0 "$dockerd_pid"
}

stop_dockerd() {
    if [[ -z ${dockerd_pid:-} ]]; then return; fi
    kill "$dockerd_pid" 2>/dev/null || true
    wait "$dockerd_pid" 2>/dev/null || true
    dockerd_pid=
    # A dockerd that crashed leaves it behind.
    if [[ -s $folder/exec/containerd/containerd.pid ]]; then
        kill "$(<"$folder/exec/containerd/containerd.pid")" 2>/dev/null || true
    fi
    rm -f "${DOCKER_HOST#unix://}"
}

# What "systemctl reload docker" does.
reload_dockerd() {
    kill -HUP "$dockerd_pid"
    await grep -q 'Reloaded configuration' "$folder/dockerd.log"
}

# Compares what dockerd says, in its order, with these mirrors.
dockerd_has() {
    local running
    running=$(docker info --format '{{json .RegistryConfig.Mirrors}}')
    equal "dockerd's mirrors" "$(printf '%s/\n' "$@" | jq -cnR '[inputs]')" "$running"
}

pull_is_served_by() {
    local served
    : >"$access_log"
    docker pull node:20-alpine
    served=$(jq -r 'select(.path | contains("/blobs/")) | .mirror' "$access_log" | sort -u)
    equal "who served the blobs" "$1" "$served"
}

# --- saying and checking -----------------------------------------------------

fail() {
    echo "FAILED: $*"
    exit 1
}

equal() {
    if [[ $2 != "$3" ]]; then fail "$1: expected <$2>, got <$3>"; fi
}

# Before the program: what makes another user of us.
as=()

# Runs the program, expects this exit code, and leaves its streams in $folder/out and $folder/err.
mirrorctl() {
    local expected=$1 status=0
    shift
    echo "\$ mirrorctl $*"
    "${as[@]}" "$mirrorctl" "$@" >"$folder/out" 2>"$folder/err" </dev/null || status=$?
    echo_streams
    equal "exit code of mirrorctl $1" "$expected" "$status"
    grep -hE '\{[0-9]\}|Exception' "$folder/out" "$folder/err" >>"$folder/flaws" || true
}

# Fails for messages with unfilled places or a trace, at the end of a case, so that they do not hide the rest of it.
only_says_what_people_understand() {
    if [[ -s $folder/flaws ]]; then fail "not for people: $(<"$folder/flaws")"; fi
}

echo_streams() {
    sed 's/^/  out: /' "$folder/out"
    sed 's/^/  err: /' "$folder/err"
}

says() {
    local stream=$1 text=$2
    grep -qF -e "$text" "$folder/$stream" || fail "$stream does not say: $text"
}

# Checks a value in the JSON document on stdout.
json_is() {
    equal "$1" "$2" "$(jq -c "$1" "$folder/out")"
}

same_file() {
    cmp "$1" "$2" || fail "$2 has changed"
}

# All that lies below a folder, names only.
tree() {
    (cd "$1" && find . -mindepth 1 | LC_ALL=C sort)
}

# Compares two daemon.json files without the characters of the registry-mirrors value.
same_but_mirrors() {
    python3 - "$1" "$2" <<'PY'
import re, sys
one, other = (re.sub(rb'("registry-mirrors"\s*:\s*)\[[^\]]*\]', rb"\1", open(path, "rb").read()) for path in sys.argv[1:])
sys.exit(f"Other bytes changed:\n{one!r}\n{other!r}" if one != other else 0)
PY
}

# Other keys, spaced and escaped as no program would write them, some line ends of Windows, none at the end.
write_odd_file() {
    printf '%b' '{ "log-level" :"info",\r\n\t"labels":[ "a=1"\t, "stra\\u00dfe=\\/" ],' \
        '"max-concurrent-downloads": 3 ,\r\n' \
        '      "registry-mirrors"  : [\n   "http://127.0.0.1:5101",\n\n "http://127.0.0.1:5106/" ]\n\n' \
        ' , "shutdown-timeout":10, "features": { } }  ' >"$1"
}

written_mirrors() {
    jq -c '."registry-mirrors"' "$1"
}

# --- the cases ---------------------------------------------------------------

case_mirrors_some_dead() {
    local file=$folder/etc/daemon.json
    local on=(--config "$file" --platform systemd) catalog=(--catalog "$room/catalog.json") before
    mkdir "$folder/etc"
    write_odd_file "$file"
    cp "$file" "$folder/original.json"
    start_dockerd --config-file "$file"

    mirrorctl 0 probe "${catalog[@]}" --timeout 3s -o json
    probe_judged_all
    mirrorctl 0 apply "${on[@]}" "${catalog[@]}"
    says out 'sudo systemctl reload docker'
    same_but_mirrors "$folder/original.json" "$file"
    equal "the file's mirrors" "[\"$fast\",\"$late\"]" "$(written_mirrors "$file")"

    reload_dockerd
    dockerd_has "$fast" "$late"
    pull_is_served_by fast
    mirrorctl 0 check "${on[@]}" "${catalog[@]}"
    mirrorctl 0 check "${on[@]}" "${catalog[@]}" -o json
    json_is .verdict '"active"'

    cp "$file" "$folder/applied.json"
    before=$(tree "$folder/etc")
    mirrorctl 0 apply "${on[@]}" "${catalog[@]}" -o json
    json_is .changed false
    same_file "$folder/applied.json" "$file"
    equal "the files after a second apply" "$before" "$(tree "$folder/etc")"

    mirrorctl 0 restore "${on[@]}"
    same_file "$folder/original.json" "$file"
}

probe_judged_all() {
    local name
    for name in "${!verdicts[@]}"; do
        json_is ".mirrors[] | select(.id == \"$name\") | .verdict" "\"${verdicts[$name]}\""
    done
    json_is '[.mirrors[] | select(.verdict == "ready") | .id]' '["fast","late"]'
}

case_drift() {
    local file=$folder/daemon.json
    local on=(--config "$file" --platform systemd --catalog "$room/catalog.json")
    echo '{"registry-mirrors": ["'"$late"'"]}' >"$file"
    start_dockerd --config-file "$file"
    mirrorctl 0 apply "${on[@]}" --no-probe --replace "$fast"
    mirrorctl 3 check "${on[@]}" -o json
    json_is .verdict '"drift"'

    stop_dockerd
    echo '{}' >"$file"
    start_dockerd --config-file "$file"
    mirrorctl 0 apply "${on[@]}" --no-probe --replace "$fast"
    mirrorctl 3 check "${on[@]}" -o json
    json_is .verdict '"inactive"'
    mirrorctl 3 check "${on[@]}"
    reload_dockerd
    mirrorctl 0 check "${on[@]}"
}

case_root_without_docker() {
    local there=$folder/root
    mkdir "$there"
    mirrorctl 0 apply --root "$there" --catalog "$room/catalog.json" --no-probe -o json
    jq -e . "$folder/out" >/dev/null
    json_is .file "\"$there/etc/docker/daemon.json\""
    json_is .written true
    json_is '.commands[0]' '"sudo systemctl reload docker"'
    equal "the file's mirrors" "$(jq -c .after "$folder/out")" "$(written_mirrors "$there/etc/docker/daemon.json")"
    nothing_but_backup "$there"

    rm -r "$there"
    mkdir "$there"
    mirrorctl 0 apply --root "$there" --catalog "$room/catalog.json" --no-probe
    says out 'sudo systemctl reload docker'
    nothing_but_backup "$there"
}

nothing_but_backup() {
    local rest
    rest=$(tree "$1" | grep -vxE '\./etc(/docker(/daemon\.json)?)?' || true)
    if [[ ! $rest =~ ^\./etc/docker/\.?daemon\.json\.[^$'\n']*$ ]]; then
        fail "expected one backup beside the file, found: $rest"
    fi
}

case_no_network() {
    local there=$folder/root
    mkdir "$there"
    offline 'No network' probe
    offline '网络不通' probe --lang zh
    offline 'No network' apply --root "$there"
    offline '网络不通' apply --root "$there" --lang zh
    equal "what was written" "" "$(tree "$there")"
}

# Runs the program where not even the loopback device is up; the first word is what its one line must say.
offline() {
    local text=$1 status=0
    shift
    echo "\$ mirrorctl $*"
    unshare --net "$mirrorctl" "$@" >"$folder/out" 2>"$folder/err" </dev/null || status=$?
    echo_streams
    equal "exit code" 3 "$status"
    equal "lines on stderr that say so" 1 "$(grep -cF -e "$text" "$folder/err")"
}

case_docker_opts_sysv() {
    local there=$folder/root
    mkdir -p "$there/etc/init.d"
    echo '#!/bin/sh' >"$there/etc/init.d/docker"
    chmod 755 "$there/etc/init.d/docker"
    apply_docker_opts "$there"
}

case_docker_opts_upstart() {
    local there=$folder/root
    mkdir -p "$there/etc/init" "$there/sbin"
    echo 'description "Docker daemon"' >"$there/etc/init/docker.conf"
    echo '#!/bin/sh' >"$there/sbin/initctl"
    chmod 755 "$there/sbin/initctl"
    apply_docker_opts "$there"
}

# Applies to a tree with /etc/default/docker and starts dockerd with the words that the shell makes of it.
apply_docker_opts() {
    local there=$1 file=$1/etc/default/docker words=()
    mkdir -p "$there/etc/default"
    cat >"$folder/original" <<'SH'
# Docker's settings. Flags of the daemon:
#DOCKER_OPTS="--dns 8.8.8.8 --registry-mirror=http://127.0.0.1:5101"

DOCKER_OPTS="--debug --registry-mirror=http://old.example"   # ours
export DOCKER_TMPDIR='/tmp'
SH
    cp "$folder/original" "$file"
    mirrorctl 0 apply --root "$there" --catalog "$room/catalog.json"
    says out 'sudo service docker restart'
    equal "daemon.json" "" "$(tree "$there" | grep daemon.json || true)"
    same_but_flags "$folder/original" "$file"

    mapfile -t words < <(sh -c '. "$0"; printf "%s\n" $DOCKER_OPTS' "$file")
    equal "the words of DOCKER_OPTS" \
        "--debug --registry-mirror=$fast --registry-mirror=$late --registry-mirror=$own" "${words[*]}"
    start_dockerd --config-file "$(empty_config)" "${words[@]}"
    dockerd_has "$fast" "$late" "$own"
    pull_is_served_by fast
}

empty_config() {
    echo '{}' >"$folder/empty.json"
    echo "$folder/empty.json"
}

# Compares two files of flags without the mirrors in the line that counts.
same_but_flags() {
    cmp <(without_flags "$1") <(without_flags "$2") || fail "$2 has other changes"
}

without_flags() {
    sed -E '/^DOCKER_OPTS=/s/ --registry-mirror[= ][^ "]*//g' "$1"
}

case_broken_file() {
    local file=$folder/etc/daemon.json
    local on=(--config "$file" --platform systemd --catalog "$room/catalog.json")
    mkdir "$folder/etc"
    printf '{\n  "debug": true,\n  "labels": ["a=1"],\n}\n' >"$file"
    cp "$file" "$folder/original.json"
    leaves_alone "${on[@]}"
    leaves_alone "${on[@]}" --dry-run
}

leaves_alone() {
    mirrorctl 4 apply "$@"
    grep -qE 'line [34]|daemon\.json:[34]' "$folder/err" || fail "stderr does not name the line"
    grep -qE '^ *\|? *\^' "$folder/err" || fail "no mark below the column"
    same_file "$folder/original.json" "$folder/etc/daemon.json"
    equal "the files" "./daemon.json" "$(tree "$folder/etc")"
}

case_repair() {
    local file=$folder/etc/daemon.json backup
    local on=(--config "$file" --platform systemd) catalog=(--catalog "$room/catalog.json")
    mkdir "$folder/etc"
    printf '{\n  // ours\n  “debug”: true,\n  "labels": ["a=1",]\n  "registry-mirrors": ["%s"],\n}\nEOF\n' "$late" >"$file"
    chmod 640 "$file"
    cp -p "$file" "$folder/original.json"
    mirrorctl 4 apply "${on[@]}" "${catalog[@]}" --no-probe "$fast"
    same_file "$folder/original.json" "$file"
    mirrorctl 0 apply "${on[@]}" "${catalog[@]}" --no-probe --repair --dry-run "$fast"
    says out '-  “debug”: true,'
    same_file "$folder/original.json" "$file"

    mirrorctl 0 apply "${on[@]}" "${catalog[@]}" --no-probe --repair --replace "$fast" -o json
    json_is .written true
    backup=$(jq -r .backup "$folder/out")
    same_file "$folder/original.json" "$backup"
    equal "the mended file" '{"debug":true,"labels":["a=1"],"registry-mirrors":["'"$fast"'"]}' "$(jq -c . "$file")"
    equal "its mode" 640 "$(stat -c %a "$file")"
    start_dockerd --config-file "$file"
    dockerd_has "$fast"
    equal "dockerd's labels" '["a=1"]' "$(docker info --format '{{json .Labels}}')"

    mirrorctl 0 restore "${on[@]}"
    same_file "$folder/original.json" "$file"
    equal "the mode after restore" 640 "$(stat -c %a "$file")"
    says out 'do not restart Docker'
}

case_flag_conflict() {
    local there=$folder/root unit=$folder/root/lib/systemd/system/docker.service before
    mkdir -p "${unit%/*}"
    cat >"$unit" <<'UNIT'
[Unit]
Description=Docker Application Container Engine

[Service]
ExecStart=/usr/bin/dockerd -H fd:// --registry-mirror=http://old.example
ExecReload=/bin/kill -s HUP $MAINPID
UNIT
    before=$(tree "$there")
    mirrorctl 4 apply --root "$there" --catalog "$room/catalog.json"
    grep -qE "docker\.service(:5|.* line 5)" "$folder/err" || fail "stderr does not name the file and its line"
    equal "the files" "$before" "$(tree "$there")"

    # What we refuse to write, dockerd refuses to start with.
    echo '{"registry-mirrors": ["http://old.example"]}' >"$folder/both.json"
    if dockerd --config-file "$folder/both.json" --registry-mirror=http://old.example --bridge=none --iptables=false \
        --data-root "$folder/data" --exec-root "$folder/exec" --host "$DOCKER_HOST" >"$folder/dockerd.log" 2>&1; then
        fail "dockerd started"
    fi
    grep -q 'specified both as a flag and in the configuration file' "$folder/dockerd.log" ||
        fail "dockerd stopped for another reason: $(<"$folder/dockerd.log")"
}

# A machine with Debian's unit and a mirror in DOCKER_OPTS; sets there, options and config.
machine_with_flags() {
    there=$folder/root options=$folder/root/etc/default/docker config=$folder/root/etc/docker/daemon.json
    mkdir -p "$there/lib/systemd/system" "${options%/*}" "${config%/*}"
    cat >"$there/lib/systemd/system/docker.service" <<'UNIT'
[Service]
EnvironmentFile=-/etc/default/docker
ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS
ExecReload=/bin/kill -s HUP $MAINPID
UNIT
    printf '# ours\nDOCKER_OPTS="--debug --registry-mirror=%s --label a=b"\n' "$own" >"$options"
    printf '{ "log-level" :"info",\r\n\t"shutdown-timeout":10}' >"$config"
    cp "$options" "$folder/options.original"
    cp "$config" "$folder/config.original"
}

case_move_flags() {
    local there options config words=() before on
    machine_with_flags
    on=(--root "$there" --catalog "$room/catalog.json")
    before=$(tree "$there")
    mirrorctl 4 apply "${on[@]}"
    says err "$options:2"
    says err '--move-flags'
    equal "the files" "$before" "$(tree "$there")"

    mirrorctl 0 apply "${on[@]}" --move-flags
    says out 'sudo systemctl restart docker'
    equal "the options" '# ours
DOCKER_OPTS="--debug --label a=b"' "$(<"$options")"
    equal "the file's mirrors" "[\"$fast\",\"$late\",\"$own\"]" "$(written_mirrors "$config")"
    mapfile -t words < <(sh -c '. "$0"; printf "%s\n" $DOCKER_OPTS' "$options")
    start_dockerd --config-file "$config" "${words[@]}"
    dockerd_has "$fast" "$late" "$own"
    pull_is_served_by fast

    before=$(tree "$there")
    mirrorctl 0 apply "${on[@]}" --move-flags -o json
    json_is .changed false
    equal "the files after a second run" "$before" "$(tree "$there")"
    mirrorctl 0 restore "${on[@]:0:2}"
    same_file "$folder/options.original" "$options"
    same_file "$folder/config.original" "$config"
}

# The backups are the first two renames, then come the two files; the second of these never happens.
case_move_flags_killed() {
    local there options config on
    if ! command -v strace >/dev/null; then
        echo "There is no strace to kill it in time."
        return
    fi
    machine_with_flags
    on=(--root "$there" --catalog "$room/catalog.json" --no-probe)
    strace -f -qq -o "$folder/trace" -e trace=rename,renameat,renameat2 \
        -e inject=rename,renameat,renameat2:signal=SIGKILL:when=4 \
        "$mirrorctl" apply "${on[@]}" --move-flags "$fast" && fail "it was not killed"
    equal "the options" '# ours
DOCKER_OPTS="--debug --label a=b"' "$(<"$options")"
    same_file "$folder/config.original" "$config"

    mirrorctl 5 check "${on[@]:0:4}"
    says out 'was cut off'
    says out 'mirrorctl restore'
    mirrorctl 0 restore "${on[@]:0:2}"
    same_file "$folder/options.original" "$options"
    same_file "$folder/config.original" "$config"
    mirrorctl 5 check "${on[@]:0:4}"
    if grep -q 'cut off' "$folder/out"; then fail "it still says that it was cut off"; fi
    mirrorctl 0 apply "${on[@]}" --move-flags "$fast"
    equal "the file's mirrors" "[\"$own\",\"$fast\"]" "$(written_mirrors "$config")"
}

# The folder of a file to be edited, and the file with a line of its own.
a_file_in() {
    mkdir -p "$1"
    echo '{"debug": true}' >"$1/daemon.json"
    edit=(apply --no-probe --platform systemd --config "$1/daemon.json" "$fast")
    undo=(restore --platform systemd --config "$1/daemon.json")
}

# Expects a refusal to write, in both languages and by restore too where there is a backup; nothing may change.
refuses() {
    local there=$1 english=$2 chinese=$3 before
    before=$(tree "$there")
    if [[ -f $there/daemon.json ]]; then cp "$there/daemon.json" "$folder/before"; fi
    mirrorctl 5 "${edit[@]}"
    says err "$english"
    equal "lines of explanation" 1 "$(grep -c '^error: ' "$folder/err")"
    mirrorctl 5 --lang zh "${edit[@]}"
    says err "$chinese"
    if [[ $before == *.bak* ]]; then
        mirrorctl 5 "${undo[@]}"
        says err "$english"
    fi
    equal "the files" "$before" "$(tree "$there")"
    if [[ -f $there/daemon.json ]]; then same_file "$folder/before" "$there/daemon.json"; fi
}

# Mode, owner and extended attributes, in which ACLs and labels lie.
attributes() {
    python3 - "$1" <<'PY'
import os, sys
at = os.stat(sys.argv[1])
print(oct(at.st_mode), at.st_uid, at.st_gid, {name: os.getxattr(sys.argv[1], name) for name in sorted(os.listxattr(sys.argv[1]))})
PY
}

case_kept_attributes() {
    local there=$folder/etc before
    a_file_in "$there/docker"
    chown 12:34 "$there/docker/daemon.json"
    python3 - "$there/docker/daemon.json" <<'PY'
import os, struct, sys
entries = [(1, 6, 0xFFFFFFFF), (2, 4, 1000), (4, 4, 0xFFFFFFFF), (16, 4, 0xFFFFFFFF), (32, 0, 0xFFFFFFFF)]
acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
for name, value in [("user.origin", b"ours"), ("trusted.mark", b"1"), ("security.selinux", b"system_u:object_r:container_config_t:s0\0"),
                    ("system.posix_acl_access", acl)]:
    os.setxattr(sys.argv[1], name, value)
PY
    before=$(attributes "$there/docker/daemon.json")
    mkdir -p "$there/by/way"
    ln -s docker/daemon.json "$there/relative"
    ln -s ../../relative "$there/by/way/chain"
    ln -s "$there/by/way/chain" "$there/absolute"

    mirrorctl 0 apply --no-probe --platform systemd --config "$there/absolute" "$fast"
    equal "the attributes" "$before" "$(attributes "$there/docker/daemon.json")"
    equal "the attributes of the backup" "$before" "$(attributes "$there"/docker/*.bak)"
    equal "the links" "$there/by/way/chain ../../relative docker/daemon.json" \
        "$(echo "$(readlink "$there/absolute")" "$(readlink "$there/by/way/chain")" "$(readlink "$there/relative")")"
    chmod 600 "$there/docker/daemon.json"
    mirrorctl 0 restore --platform systemd --config "$there/relative"
    equal "the attributes" "$before" "$(attributes "$there/docker/daemon.json")"
    equal "the content" '{"debug": true}' "$(<"$there/docker/daemon.json")"

    ln -s nowhere/yet.json "$there/dangling"
    mirrorctl 0 apply --no-probe --platform systemd --config "$there/dangling" "$fast"
    equal "the file's mirrors" "[\"$fast\"]" "$(written_mirrors "$there/nowhere/yet.json")"
    [[ -L $there/dangling ]] || fail "the link is gone"
}

case_refused_files() {
    local there=$folder/etc file=$folder/etc/daemon.json
    a_file_in "$there"
    ln "$file" "$there/second-name"
    refuses "$there" 'hard link' '硬链接'
    rm "$file"
    mkdir "$file"
    refuses "$there" 'there is a folder where a file is needed' '文件夹'
    rmdir "$file"
    mkfifo "$file"
    refuses "$there" 'a pipe' '管道'
    rm "$file"
    ln -s daemon.json "$there/other"
    ln -s other "$file"
    refuses "$there" 'in a circle' '循环'
    rm "$file"
    edit=("${edit[@]/"$file"/"$there/second-name/daemon.json"}")
    refuses "$there" 'a file where a folder should be' '文件夹'
    edit=("${edit[@]/"$there/second-name/daemon.json"/"$file"}")
    echo '{}' >"$file"
    mount --bind "$file" "$file"
    refuses "$there" 'mounted by itself' '挂载'
    umount "$file"
    head -c 17M /dev/zero >"$file"
    refuses "$there" '16 MiB' '16 MiB'
}

case_full_disk() {
    local there=$folder/etc
    mkdir "$there"
    mount -t tmpfs -o size=64k tmpfs "$there"
    a_file_in "$there"
    mirrorctl 0 "${edit[@]}"
    mirrorctl 0 "${undo[@]}"
    cat /dev/zero >"$there/full" 2>/dev/null || true
    refuses "$there" 'no space is left' '空间'
    rm "$there/full"
    mirrorctl 0 "${edit[@]}"
    equal "the file's mirrors" "[\"$fast\"]" "$(written_mirrors "$there/daemon.json")"
}

case_read_only_disk() {
    local there=$folder/etc
    mkdir "$there"
    mount -t tmpfs tmpfs "$there"
    a_file_in "$there"
    mirrorctl 0 apply --no-probe --platform systemd --config "$there/daemon.json" "$late"
    mount -o remount,ro "$there"
    refuses "$there" 'read-only file system' '只读'
    mirrorctl 0 "${edit[@]}" --dry-run
}

case_immutable() {
    local there=$folder/etc
    a_file_in "$there"
    if ! chattr +i "$there/daemon.json" 2>/dev/null; then
        echo "The file system of $there has no such attribute."
        return
    fi
    trap 'chattr -i "$folder/etc/daemon.json" "$folder/etc"; stop_dockerd' EXIT
    refuses "$there" 'chattr -i' 'chattr -i'
    chattr -i "$there/daemon.json"
    chattr +i "$there"
    refuses "$there" 'chattr -i' 'chattr -i'
    chattr -i "$there"
    mirrorctl 0 "${edit[@]}"
}

case_as_nobody() {
    local roots=$folder/etc own=$folder/own
    chmod 711 "$room"
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)

    a_file_in "$own"
    chmod 600 "$own/daemon.json"
    chown -R 65534:65534 "$own"
    mirrorctl 0 "${edit[@]}"
    equal "mode and owner" "600 65534:65534" "$(stat -c '%a %u:%g' "$own/daemon.json")"
    mirrorctl 0 "${undo[@]}"

    chown 65534:0 "$own/daemon.json"
    refuses "$own" 'belongs to somebody else' '属'
    chown 0:0 "$own/daemon.json"
    chmod 644 "$own/daemon.json"
    refuses "$own" 'belongs to somebody else' '属'

    a_file_in "$roots"
    refuses "$roots" 'permission denied' '权限'
    says err "sudo $mirrorctl --lang zh ${edit[*]}"
    mirrorctl 0 "${edit[@]}" --dry-run
    chmod 600 "$roots/daemon.json"
    refuses "$roots" 'permission denied' '权限'
}

# Mode, owner and content of a file and the names beside it: what a rollback must bring back.
state_of() {
    stat -c '%a %u:%g' "$1"
    cat "$1"
    tree "$(dirname "$1")"
}

# Interrupts apply after some seconds, which must be before it ends by itself. "most" is what it may take to end, in
# microseconds; else far more than it takes, on a machine that does other things too, and far less than mirrors have.
interrupted_after() {
    local file=$folder/etc/daemon.json before pid start status=0
    before=$(state_of "$file")
    # A background job of a script ignores SIGINT otherwise.
    env --default-signal=INT "$mirrorctl" apply --config "$file" --platform systemd --timeout 20s "${@:2}" \
        >"$folder/out" 2>"$folder/err" </dev/null &
    pid=$!
    sleep "$1"
    start=${EPOCHREALTIME/./}
    kill -INT "$pid"
    wait "$pid" || status=$?
    echo "after $1 s: ended $(((${EPOCHREALTIME/./} - start) / 1000)) ms later"
    echo_streams
    equal "exit code" 130 "$status"
    equal "stdout" "" "$(<"$folder/out")"
    equal "the file and its folder" "$before" "$(state_of "$file")"
    ((${EPOCHREALTIME/./} - start < ${most:-5000000}))
}

case_interrupted() {
    local moment silent most
    mkdir "$folder/etc"
    echo '{"debug": true}' >"$folder/etc/daemon.json"
    for moment in 0.02 0.1 0.2 0.3 0.5 1 2; do
        interrupted_after "$moment" http://127.0.0.1:5102 http://127.0.0.1:5104
    done
    # While names are resolved. The C library would keep the JVM for 300 ms.
    python3 -c 'import socket, time
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.9", 53))
time.sleep(600)' &
    silent=$!
    echo 'nameserver 127.0.0.9' >"$folder/resolv.conf"
    touch /etc/resolv.conf
    mount --bind "$folder/resolv.conf" /etc/resolv.conf
    most=300000
    for moment in 0.5 1 1.5 2 3; do
        interrupted_after "$moment" https://one.mirror.example https://other.mirror.example
    done
    umount /etc/resolv.conf
    kill "$silent"
}

# What a JSON answer says became of the daemon.
outcome='[.changed,.written,.reloaded,.rolledBack]'

case_reload() {
    local file=$folder/etc/daemon.json pid
    local on=(--config "$file" --platform systemd --catalog "$room/catalog.json")
    mkdir "$folder/etc"
    write_odd_file "$file"
    start_dockerd --config-file "$file"
    pid=$dockerd_pid

    mirrorctl 0 apply "${on[@]}" --reload -o json
    json_is "$outcome" '[true,true,true,false]'
    json_is .commands '[]'
    dockerd_has "$fast" "$late"
    mirrorctl 0 check "${on[@]}"
    mirrorctl 0 apply "${on[@]}" --reload -o json
    json_is "$outcome" '[false,false,null,false]'
    mirrorctl 0 apply "${on[@]}" --reload
    says out 'had this list already'

    echo '{"registry-mirrors": ["'"$late"'"]}' >"$file"
    mirrorctl 3 check "${on[@]}"
    mirrorctl 0 apply "${on[@]}" --no-probe --replace "$late" --reload -o json
    json_is "$outcome" '[false,false,true,false]'
    json_is '[.problems[].code | select(startswith("reload"))]' '["reload-applies-all","reload-was-missing"]'
    dockerd_has "$late"

    mirrorctl 0 apply "${on[@]}" --none --reload
    says out 'Reloaded'
    equal "the file's mirrors" '[]' "$(written_mirrors "$file")"
    equal "dockerd's mirrors" '[]' "$(docker info --format '{{json .RegistryConfig.Mirrors}}' | sed s/null/[]/)"
    mirrorctl 0 apply "${on[@]}" --no-probe "$fast" --restart
    says out 'Reloaded'
    mirrorctl 0 apply "${on[@]}" --no-probe "$late" --reload --dry-run
    dockerd_has "$fast"
    kill -0 "$pid" || fail "dockerd has ended"
}

# The validation of no version looks at insecure-registries, so that only the reload tells.
case_reload_refused() {
    local file=$folder/etc/daemon.json before
    local on=(--config "$file" --platform systemd --no-probe --reload)
    mkdir "$folder/etc"
    echo '{"registry-mirrors": ["'"$late"'"]}' >"$file"
    start_dockerd --config-file "$file"
    printf '{\n\t"insecure-registries": ["ftp://10.0.0.1"], "registry-mirrors" : ["%s"] }' "$late" >"$file"
    chmod 640 "$file"
    chown 65534:65534 "$file"
    before=$(state_of "$file")

    mirrorctl 5 apply "${on[@]}" "$fast"
    says out "Put back $file"
    says err "should not contain '://'"
    says err 'has the list of before'
    equal "the file and its folder" "$before" "$(state_of "$file")"
    dockerd_has "$late"
    mirrorctl 5 apply "${on[@]}" "$fast" -o json --lang zh
    json_is "$outcome" '[false,false,false,true]'
    json_is .backup null
    json_is '[.problems[].code | select(test("list|said"))]' '["list-not-taken","engine-said","old-list-live"]'
    equal "the file and its folder" "$before" "$(state_of "$file")"
}

# Starts the stand-in for dockerd, which behaves as told. Under that name Python does not find its own library.
start_engine() {
    local python
    python=$(python3 -c 'import sys; print(sys.executable)')
    (
        PYTHONHOME=$(python3 -c 'import sys; print(sys.base_prefix)')
        export PYTHONHOME
        exec -a dockerd "$python" "$here/engine.py" "${DOCKER_HOST#unix://}" "$1" --config-file "$2"
    ) 2>>"$folder/dockerd.log" &
    dockerd_pid=$!
    await answers_or_ended
    kill -0 "$dockerd_pid"
}

case_reload_odd() {
    local file=$folder/etc/daemon.json before how
    local on=(--config "$file" --platform systemd --no-probe --reload --replace)
    mkdir "$folder/etc"
    echo '{"registry-mirrors": ["'"$late"'"]}' >"$file"
    before=$(state_of "$file")
    for how in refuses dies; do
        start_engine "$how" "$file"
        mirrorctl 5 apply "${on[@]}" "$fast"
        says out "Put back $file"
        equal "the file and its folder" "$before" "$(state_of "$file")"
        if [[ $how == refuses ]]; then
            says err 'The daemon says: Error reloading configuration: not [31mthis one'
        else
            says err 'did not answer within'
            says err 'start it: sudo systemctl start docker'
        fi
        stop_dockerd
    done

    start_engine late "$file"
    mirrorctl 0 apply "${on[@]}" "$fast" -o json
    json_is "$outcome" '[true,true,true,false]'
}

case_reload_others() {
    local file=$folder/etc/daemon.json pid status=0
    local on=(--config "$file" --platform systemd --no-probe --reload --replace)
    mkdir "$folder/etc"
    echo '{"registry-mirrors": ["'"$late"'"]}' >"$file"
    start_engine other "$file"
    mirrorctl 5 apply "${on[@]}" "$fast" -o json
    json_is "$outcome" '[true,true,false,false]'
    json_is '[.problems[].code] | index("not-put-back") != null' true
    equal "the file" '{"debug": true}' "$(<"$file")"
    stop_dockerd

    echo '{"registry-mirrors": ["'"$late"'"]}' >"$file"
    start_engine refuses "$file"
    # A background job of a script ignores SIGINT otherwise.
    env --default-signal=INT "$mirrorctl" apply "${on[@]}" "$fast" >"$folder/out" 2>"$folder/err" </dev/null &
    pid=$!
    await grep -q "$fast" "$file"
    sleep 1
    kill -INT "$pid"
    wait "$pid" || status=$?
    echo_streams
    equal "exit code" 130 "$status"
    says out "Wrote $file"
    says err 'Interrupted before the daemon was seen'
    equal "the file's mirrors" "[\"$fast\"]" "$(written_mirrors "$file")"
}

case_reload_beforehand() {
    local file=$folder/etc/daemon.json other=$folder/other.json before
    local on=(--config "$file" --platform systemd --no-probe --reload)
    chmod 711 "$room"
    mkdir "$folder/etc"
    echo '{"registry-mirrors": ["'"$late"'"]}' >"$file"
    before=$(state_of "$file")
    mirrorctl 5 apply "${on[@]}" "$fast"
    says err 'nothing listens there'
    mirrorctl 5 apply "${on[@]}" "$fast" -o json
    json_is .error.code '"engine-unreachable"'
    mirrorctl 0 apply "${on[@]}" "$fast" --dry-run
    mirrorctl 2 apply "${on[@]}" "$fast" --root "$folder"

    echo '{}' >"$other"
    start_engine takes "$other"
    mirrorctl 5 apply "${on[@]}" "$fast" --lang zh
    says err "$other"
    stop_dockerd

    start_engine takes "$file"
    chown -R 65534:65534 "$folder/etc"
    chmod 666 "${DOCKER_HOST#unix://}"
    before=$(state_of "$file")
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    mirrorctl 5 apply "${on[@]}" "$fast"
    says err "sudo $mirrorctl apply"
    equal "the file and its folder" "$before" "$(state_of "$file")"
}

case_daemon_down() {
    local file=$folder/daemon.json
    local on=(--config "$file" --platform systemd --catalog "$room/catalog.json") info status=0
    echo '{"registry-mirrors": ["'"$fast"'"]}' >"$file"
    mirrorctl 5 check "${on[@]}" -o json
    json_is .verdict '"unknown"'
    mirrorctl 5 check "${on[@]}"

    start_dockerd --config-file "$file"
    for info in "$(docker info 2>/dev/null)" "$(docker info --format '{{json .}}')"; do
        echo "\$ docker info | mirrorctl check --docker-info -"
        "$mirrorctl" check --docker-info - "${on[@]}" <<<"$info" >"$folder/out" 2>"$folder/err" || status=$?
        echo_streams
        equal "exit code" 0 "$status"
    done
}

# A broken mirror, the only one in the file, and two that work: so many agree on what the tag means.
one_dead() {
    local name=$1 entry
    for entry in "${mirrors[@]}"; do
        if [[ ${entry%%=*} == "$name" ]]; then break; fi
    done
    write_catalog "$folder/catalog.json" "$entry" late=5103:late fast=5107:none
    echo '{"registry-mirrors": ["http://127.0.0.1:'"${entry//[^0-9]/}"'"]}' >"$folder/daemon.json"
    mirrorctl 0 apply --config "$folder/daemon.json" --platform systemd --catalog "$folder/catalog.json"
    equal "the file's mirrors" "[\"$fast\",\"$late\"]" "$(written_mirrors "$folder/daemon.json")"
}
