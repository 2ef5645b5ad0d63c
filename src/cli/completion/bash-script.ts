/**
 * The script for bash, in the protocol of @bomb.sh/tab: a line per candidate, then `:` and what to do besides. tab's own one
 * fails where the package bash-completion is not loaded, complains when it is loaded twice, completes nothing behind `--flag=`
 * and evaluates the words on the line: a half-typed `$(…)` would run at the press of a key.
 */
export const BASH_SCRIPT = `# bash completion for sigtables; bash 3.2 will do, the package bash-completion is not needed.

_sigtables() {
  local -a words=()
  local i count word joined='' current out directive line value
  # bash takes "--flag=value" apart: it is one word here.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    count=\${#words[@]}
    if [[ $word == [=:]* && $count -gt 0 ]]; then
      words[count - 1]+=$word
      joined=1
    elif [[ -n $joined ]]; then
      words[count - 1]+=$word
      joined=''
    else
      words+=("$word")
    fi
  done
  current=\${COMP_WORDS[COMP_CWORD]}
  [[ $current == [=:] ]] && current=''

  COMPREPLY=()
  out=$(sigtables complete -- "\${words[@]}" 2>/dev/null) || return
  directive=\${out##*:}
  # 4: nothing else fits; 16: folders alone. Without compopt (bash 3.2) files are offered then, too.
  if type compopt >/dev/null 2>&1; then
    case $directive in
    4) compopt +o default +o bashdefault ;;
    16) compopt +o default +o bashdefault -o dirnames ;;
    esac
  fi
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    [[ -n $value && $value == "$current"* ]] && COMPREPLY+=("$value")
  done <<<"\${out%:*}"
  return 0
}

complete -o bashdefault -o default -F _sigtables sigtables`;
