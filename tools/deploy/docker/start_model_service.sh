#!/usr/bin/env bash
# start_model_service.sh [--network NAME | --host] [--build]
# Starts the model service in a container, beside a Redis server that runs already. Asks which way if none is given.
#   --network NAME   join the container network in which the Redis server is (model-compose.yml); host is the same as --host
#   --host           use the network of this machine, for a Redis server on it (model-compose-standalone.yml)
#   --build          build the image again, also if there is one
# Settings are in .env in the folder above this one; it is made if it is missing. Models are in model_output in this folder,
# or in the folder that MODEL_OUTPUT names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

say() { echo "start_model_service: $*"; }
warn() { echo "start_model_service: warning: $*" >&2; }
fail() { echo "start_model_service: $*" >&2; exit 1; }

network='' way='' build=''
while [ $# -gt 0 ]; do
  case $1 in
    --network) way=network network=${2:?--network needs a name}; shift 2 ;;
    --network=*) way=network network=${1#*=}; shift ;;
    --host) way=host; shift ;;
    --build) build=yes; shift ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$(basename "${BASH_SOURCE[0]}")"; exit 0 ;;
    *) echo "start_model_service: unknown argument $1; see --help" >&2; exit 64 ;;
  esac
done

# ---- which programs ----

compose=()
if docker compose version >/dev/null 2>&1; then
  compose=(docker compose) engine=docker
elif command -v docker-compose >/dev/null; then
  compose=(docker-compose) engine=docker
  command -v docker >/dev/null || engine=podman
elif command -v podman-compose >/dev/null; then
  compose=(podman-compose) engine=podman
else
  fail "found none of docker compose, docker-compose and podman-compose: install one of them"
fi

# ---- which way ----

if [ -z "$way" ]; then
  printf '%s\n' 'How does the service reach Redis?' '  1) through a container network that exists' \
    '  2) through the network of this machine'
  read -rp 'Choice [1]: ' choice || fail "nobody answers: use --network NAME or --host"
  case ${choice:-1} in
    1)
      way=network
      read -rp 'Name of the network [redis-network]: ' network || true
      ;;
    2) way=host ;;
    *) fail "expected 1 or 2, got $choice" ;;
  esac
fi
# find_network: its name, also if $network is its id; changes the way if it is that of this machine.
find_network() {
  local found driver names
  if [ "$network" != host ]; then
    found=$("$engine" network inspect --format '{{.Name}} {{.Driver}}' "$network" 2>/dev/null) ||
      fail "$engine has no network $network; it has: $("$engine" network ls --format '{{.Name}}' | paste -sd ' ')"
    read -r network driver <<<"$found"
  fi
  if [ "$network" = host ] || [ "$driver" = host ]; then
    say "the network host is that of this machine, as with --host"
    way=host
    return
  fi
  # Only podman has this field.
  names=$("$engine" network inspect --format '{{.DNSEnabled}}' "$network" 2>/dev/null) || names=unknown
  if [ "$network" = bridge ] || [ "$driver" = null ] || [ "$names" = false ]; then
    fail "the network $network does not give containers names, and cannot be joined beside another one." \
      "Make one that does, let the Redis server join it, and use its name here:
  $engine network create redis-network
  $engine network connect --alias redis redis-network CONTAINER_OF_REDIS"
  fi
}

network=${network:-redis-network}
[ "$way" != network ] || find_network
file=model-compose-standalone.yml
if [ "$way" = network ]; then
  file=model-compose.yml
  export REDIS_NETWORK=$network
fi

# ---- settings and models ----

# The container's own user, to whom .env and the models must be readable.
own_user=10001
# Whether that user can read ../.env, or the file to which it is a link.
own_user_reads_env() {
  [ -n "$(find -L ../.env -maxdepth 0 \( -perm -004 -o -gid $own_user -perm -040 -o -uid $own_user -perm -400 \))" ]
}
if [ -d ../.env ]; then
  warn "$(realpath ../.env) is a folder, as container engines make of a missing file: the service ignores it." \
    "Remove it and run this again, to have settings"
else
  if [ ! -e ../.env ]; then
    (
      umask 022 # whatever the caller's is: the container's user reads the file
      printf '%s\n' "# Settings of the model service, one NAME=value per line; winnowd --help lists them all." \
        "#REDIS_HOST=redis" "#REDIS_PORT=6379" "#REDIS_DB=0" >../.env
    )
    say "made $(realpath ../.env)"
  fi
  if [ -z "${MODEL_SERVICE_USER:-}" ] && ! own_user_reads_env; then
    # shellcheck disable=SC2012 # the name is known; stat has other flags on other systems
    read -r owner group < <(ls -lnL ../.env | awk '{ print $3, $4 }')
    [ "$owner" != 0 ] ||
      fail "$(realpath ../.env) is private to root, and the service never runs as root. So that it can read the file, run:" \
        "chgrp $own_user $(realpath ../.env) && chmod 640 $(realpath ../.env)"
    [ "$group" != 0 ] || group=$owner
    export MODEL_SERVICE_USER=$owner:$group
    say "$(realpath ../.env) is private: the service runs as its owner, $MODEL_SERVICE_USER"
  fi
fi
models=${MODEL_OUTPUT:-./model_output}
[ -e "$models/lightgcn/item_embeddings.csv" ] || [ -e "$models/current" ] ||
  warn "there are no models in $models: the service ends with exit code 66 until there are. Set MODEL_OUTPUT, or" \
    "train some with winnow-train"
# The first file that the container's user cannot read, if there is one. Hidden ones are the daemon's own.
unreadable=$(find -L "$models" -name '.?*' -prune -o \( ! -perm -004 -o -type d ! -perm -001 \) -print -quit 2>/dev/null) || true
[ -z "$unreadable" ] || [ -n "${MODEL_SERVICE_USER:-}" ] ||
  warn "the service's user, $own_user, cannot read $unreadable: run chmod -R o+rX $models, or name another user with" \
    "MODEL_SERVICE_USER=UID:GID"

# ---- start ----

image=${MODEL_SERVICE_IMAGE:-winnow:latest}
say "with ${compose[*]} and $file${REDIS_NETWORK:+, network $REDIS_NETWORK}"
if [ -n "$build" ] || ! "$engine" image inspect "$image" >/dev/null 2>&1; then
  say "building the image $image, which takes some minutes"
  BUILDAH_FORMAT=docker "${compose[@]}" -f "$file" build
fi
"${compose[@]}" -f "$file" up -d
# podman-compose says nothing of a container that did not start.
[ "$("$engine" inspect --format '{{.State.Status}}' model-service 2>/dev/null)" = running ] ||
  fail "the container does not run; see: $engine logs model-service"
say "started: $engine logs -f model-service"
