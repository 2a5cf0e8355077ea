# shellcheck shell=bash
# What the tests in containers share: steps that are counted, podman as this kind of machine needs it, base images.
# To be sourced by a script with `set -euo pipefail`.

passed=0 failed=0 skipped=0
made_containers=() made_images=()
work=$(mktemp -d)
base=docker.io/library/debian:bookworm-slim # what `FROM debian:bookworm-slim` names

note() { printf '%s\n' "$*"; }
# step NAME COMMAND…: runs the command and counts whether it succeeds, with every command in it. What it prints is shown if it
# does not. Must not be part of a condition, because bash would then ignore failures inside.
step() {
  local name=$1 begin=$SECONDS code
  shift
  set +e
  (set -e; "$@") >"$work/step" 2>&1
  code=$?
  set -e
  if [ "$code" -eq 0 ]; then
    passed=$((passed + 1))
    note "ok      $name ($((SECONDS - begin)) s)"
  else
    failed=$((failed + 1))
    note "FAILED  $name"
    sed 's/^/        /' "$work/step" | tail -40
  fi
}
# must NAME COMMAND…: a step without which there is nothing to test.
must() {
  local before=$failed
  step "$@"
  [ "$failed" -eq "$before" ] || { finish || exit 1; }
}
skip() { skipped=$((skipped + 1)); note "skipped $1: $2"; }

# waits COMMAND…: until it succeeds, at most a minute.
waits() {
  local until=$((SECONDS + 60))
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$until" ] || { echo "waited a minute for: $*"; "$@"; return 1; }
    sleep 0.2
  done
}

# Without systemd and with control groups of version 1, podman needs runc and no manager of control groups. Names of
# containers are found with netavark.
containers_conf() {
  cat >"$work/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
CONF
  export CONTAINERS_CONF=$work/containers.conf BUILDAH_FORMAT=docker
  podman image exists "$base" 2>/dev/null || made_images+=("$base")
}

# can_run: whether a container runs here; otherwise prints why not.
can_run() {
  command -v podman >/dev/null || { echo "podman is not installed"; return 1; }
  [ "$(id -u)" -eq 0 ] || { echo "needs root, to make a base image"; return 1; }
  base_image || return 1
  podman run --rm --network none "$base" true 2>&1 || { echo "podman cannot run a container here"; return 1; }
}

# base_image: imports Debian under the name that Dockerfiles use, if there is no image of that name yet.
base_image() {
  podman image exists "$base" && return
  mmdebstrap --quiet --variant=minbase bookworm "$work/base.tar" 2>&1 || { echo "mmdebstrap failed"; return 1; }
  podman import --quiet "$work/base.tar" "$base" 2>&1
  rm -f "$work/base.tar"
}

clean_up() {
  [ "${#made_containers[@]}" -eq 0 ] || podman rm --force --time 5 "${made_containers[@]}" >/dev/null 2>&1 || true
  [ "${#made_images[@]}" -eq 0 ] || podman rmi --force "${made_images[@]}" >/dev/null 2>&1 || true
  rm -rf "$work"
}

# finish: the last line, as tools/count-tests prints it.
finish() {
  note "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
}
