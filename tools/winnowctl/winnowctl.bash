# shellcheck shell=bash
# Completion for bash: /usr/share/bash-completion/completions/winnowctl, or `. winnowctl.bash`.

_winnowctl_actors() {
  winnowctl status --json 2>/dev/null | grep -o '"name":"[^"]*"' | cut -d '"' -f 4
}

_winnowctl() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words
  case $before in
    scale | fault) words='candidate_generator din_ranker ranknet_ranker' ;;
    loglevel) words='trace debug info warning error' ;;
    kill) words=$(_winnowctl_actors) ;;
    candidate_generator | din_ranker | ranknet_ranker)
      words=
      [ "${COMP_WORDS[1]-}" = fault ] && words='crash hang slow error' ;;
    --admin | --token | trace) words='' ;;
    *) words='status tree top events trace scale kill drain loglevel fault clear-faults --admin --token --json --help --version' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _winnowctl winnowctl
