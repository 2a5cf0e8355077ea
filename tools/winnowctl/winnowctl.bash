# shellcheck shell=bash
# Completion for bash: /usr/share/bash-completion/completions/winnowctl, or `. winnowctl.bash`.
# Takes from a daemon only names without $ and the like, which `compgen -W` would expand: $(…) would be run.

# _winnowctl_killable OPTION…: prints the actors that the daemon at this address can kill: no groups, not the
# supervisor, and only those that are running or stuck.
_winnowctl_killable() {
  winnowctl "$@" --json status 2>/dev/null |
    grep -oE '"parent":[1-9][0-9]*,"name":"[A-Za-z0-9._-]*","group":false,"state":"(running|stuck)"' | cut -d '"' -f 6
}

# _winnowctl_versions OPTION…: prints the versions of the models of the daemon at this address.
_winnowctl_versions() {
  winnowctl "$@" --json models list 2>/dev/null | grep -oE '\{"name":"[A-Za-z0-9._-]*"' | cut -d '"' -f 4
}

_winnowctl() {
  local stages='candidate_generator din_ranker ranknet_ranker' options='--admin --token --token-file --ca --json --all --help'
  local typed=() said=() reach=() before='' glue='' i word words

  # Bash splits addresses and --option=value at : and =. Joins them.
  for ((i = 1; i <= COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    if [ -n "$glue" ] || { [[ $word == [:=]* ]] && [ "${#typed[@]}" -gt 0 ]; }; then
      typed[-1]+=$word
    else
      typed+=("$word")
    fi
    glue=
    [[ $word != *[:=] ]] || glue=1
  done
  word=${typed[-1]}
  unset 'typed[-1]'

  # Finds the command and its arguments; options may be anywhere.
  for i in "${typed[@]}"; do
    case $before in
      --admin | --token | --token-file | --ca) reach+=("$before" "$i") before='' ;;
      --batches | --ms | --out | --store | --types | --try | --placement | --versions | --salt | --share) before='' ;;
      *)
        before=$i
        case $i in
          --admin=* | --token=* | --token-file=* | --ca=*) reach+=("$i") ;;
          -*) ;;
          *) said+=("$i") ;;
        esac ;;
    esac
  done

  COMPREPLY=()
  case $before in
    --token-file | --ca | --out) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    --admin | --token | --batches | --ms | --store | --types | --try | --placement | --versions | --salt | --share) return ;; # no suggestions for their values
  esac
  [ "${said[0]-}" != fault ] || options="--batches --ms $options"
  [ "${said[0]-}" != models ] || options="--force --share $options"
  [ "${said[0]-}" != experiments ] || options="--versions --salt --force $options"
  [ "${said[0]-}" != rules ] || options="--try --placement $options"
  [ "${said[0]-}" != import ] || options="--out --store --types $options"
  [ "${#said[@]}" -gt 0 ] || options+=' --version'
  case ${#said[@]}:${said[0]-}:$word in
    *:-*) words=$options ;;
    0:*) words="status tree top events slow fleet rules trace scale kill drain loglevel fault models experiments clear-faults console import $options" ;;
    1:scale:* | 1:fault:*) words=$stages ;;
    2:fault:*) words='crash hang slow error' ;;
    *:import:*) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    1:loglevel:*) words='trace debug info warning error' ;;
    1:kill:*) words=$(_winnowctl_killable "${reach[@]}") ;;
    1:models:*) words='list load report promote rollback pin unpin delete shadow unshadow' ;;
    1:experiments:*) words='show start stop' ;;
    2:models:*) words=$(_winnowctl_versions "${reach[@]}") ;;
    1:trace:* | 2:scale:*) words='' ;;
    *) words=$options ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _winnowctl winnowctl
