/** The shells that words are completed in. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = typeof SHELLS[number];

/** COMP_WORDS is no use: bash splits words also at `=`. Runs in the bash 3.2 of macOS. */
const BASH = `# Completion of \`connect\` for bash. Put into ~/.bashrc:  eval "$(connect completion bash)"
_connect() {
  local line="\${COMP_LINE:0:COMP_POINT}" words=() word before
  read -ra words <<<"$line"
  if [[ -z $line || $line == *[[:space:]] ]]; then words+=(''); fi
  local last=$((\${#words[@]} - 1))
  local current="\${words[last]}"
  COMPREPLY=()
  for word in "\${words[@]:1:last-1}"; do
    if [[ $word == -- ]]; then
      if [[ \${words[last - 1]} == -- ]]; then COMPREPLY=($(compgen -c -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi
      return
    fi
  done
  # What readline takes for a word begins after the last "=".
  case "$current" in *=*) before="\${current%=*}=" ;; esac
  while IFS=$'\\t' read -r word _; do
    COMPREPLY+=("\${word#"$before"}")
  done < <(connect completion -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _connect connect
`;

const ZSH = `#compdef connect
# Completion of \`connect\` for zsh. Put into ~/.zshrc, after compinit:  eval "$(connect completion zsh)"
_connect() {
  local -a candidates
  local line word summary
  local at=\${words[(i)--]}
  if (( at < CURRENT )); then
    words=("\${(@)words[at + 1, -1]}")
    (( CURRENT -= at ))
    _normal
    return
  fi
  while IFS=$'\\t' read -r word summary; do
    candidates+=("\${word//:/\\\\:}\${summary:+:$summary}")
  done < <(connect completion -- "\${(@)words[2, CURRENT]}" 2>/dev/null)
  _describe connect candidates
}
if [[ "\${funcstack[1]}" == _connect ]]; then _connect "$@"; else compdef _connect connect; fi
`;

const FISH = `# Completion of \`connect\` for fish. Put into ~/.config/fish/config.fish:  connect completion fish | source
function __connect_words
    set -l words (commandline -opc)
    connect completion -- $words[2..-1] "$(commandline -ct)" 2>/dev/null
end
complete -c connect -e
complete -c connect -f
complete -c connect -n 'not contains -- -- (commandline -opc)' -a '(__connect_words)'
complete -c connect -n 'contains -- -- (commandline -opc)' -a '(complete -C (string split -m 1 -- " -- " (commandline -cp))[2])'
`;

/** What each shell has to run once. */
export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

/** The shell that a person uses, as far as the environment tells. */
export function shellOf(path: string | undefined): Shell | undefined {
  const name = path?.split('/').at(-1);
  return SHELLS.find((shell) => shell === name);
}
