import type { Command } from 'commander'
import { completionTable, type CompletedCommand, type CompletedWord } from './completion-table.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** Prints the names of the domains of a running engine, one a line. */
const domainNames = 'edgekeep completion --domains 2>/dev/null'

export function completionScript(program: Command, shell: Shell): string {
  const table = completionTable(program)
  return { bash, zsh, fish }[shell](table)
}

/** Pattern of every command, for the walk along the words of a line. */
function paths(table: CompletedCommand[], separator: string): string {
  return table.flatMap(({ path }) => (path === '' ? [] : quoted(path))).join(separator)
}

function bash(table: CompletedCommand[]): string {
  const joined = (all: CompletedWord[]) => quoted(all.map(({ word }) => word).join(' '))
  const values = table.flatMap(({ path, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(({ word, choices }) => `    ${quoted(`${path} ${word}`)}) words=${quoted(choices.join(' '))} ;;`),
  )
  const cases = table.map(({ path, commands, options, choices, takesDomain }) => {
    const given = [...commands.map(({ word }) => word), ...choices].join(' ')
    const names = takesDomain ? `"$(${domainNames}) "` : ''
    return `    ${quoted(path)}) options=${joined(options)}; words=${names}${quoted(given)} ;;`
  })
  return `# Completion of edgekeep for bash: source <(edgekeep completion bash)
_edgekeep() {
  local word=\${COMP_WORDS[COMP_CWORD]} at= i words= options= newline=$'\\n'
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${paths(table, ' | ')}) at="$at \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at" in
${cases.join('\n')}
  esac
  case "$at \${COMP_WORDS[COMP_CWORD - 1]}" in
${values.join('\n')}
  esac
  [[ $word == -* ]] && words=$options
  # "compgen -W" would expand the names as bash expands code.
  COMPREPLY=()
  while IFS= read -r i; do
    [[ -n $i && $i == "$word"* ]] && COMPREPLY+=("$i")
  done <<< "\${words// /$newline}"
}
complete -o default -F _edgekeep edgekeep
`
}

function zsh(table: CompletedCommand[]): string {
  const described = (all: CompletedWord[]) =>
    all
      .map(({ word, description }) => quoted(`${word}:${oneLine(description).replaceAll(':', '\\:')}`))
      .join(' ')
  const cases = table.map(({ path, commands, options, choices, takesDomain }) => {
    const names = takesDomain ? ` \${(f)"$(${domainNames})"}` : ''
    return `    ${quoted(path)}) options=(${described(options)}); words_=(${described(commands)} ${choices.join(' ')}${names}) ;;`
  })
  return `#compdef edgekeep
# Completion of edgekeep for zsh: source <(edgekeep completion zsh)
_edgekeep() {
  local at= word
  local -a words_ options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
      ${paths(table, ' | ')}) at="$at $word" ;;
    esac
  done
  case "$at" in
${cases.join('\n')}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    _describe -o option options
  else
    _describe word words_ || _files
  fi
}
if [[ $funcstack[1] == _edgekeep ]]; then _edgekeep "$@"; else compdef _edgekeep edgekeep; fi
`
}

function fish(table: CompletedCommand[]): string {
  const complete = (path: string, rest: string) =>
    `complete -c edgekeep -n ${quoted(`__edgekeep_at ${quoted(path)}`, true)} ${rest}`
  const described = ({ description }: CompletedWord) => `-d ${quoted(oneLine(description), true)}`
  const lines = table.flatMap(({ path, commands, options, choices, takesDomain, takesFile }) => [
    ...commands.map((each) => complete(path, `-f -a ${each.word} ${described(each)}`)),
    ...(choices.length > 0 ? [complete(path, `-f -a ${quoted(choices.join(' '), true)}`)] : []),
    ...(takesDomain
      ? [complete(path, `${takesFile ? '' : '-f '}-a ${quoted(`(${domainNames})`, true)}`)]
      : []),
    ...options.map((each) => {
      const value =
        each.choices.length > 0
          ? `-x -a ${quoted(each.choices.join(' '), true)} `
          : each.takesValue
            ? '-r '
            : ''
      return complete(path, `-l ${each.word.slice(2)} ${value}${described(each)}`)
    }),
  ])
  return `# Completion of edgekeep for fish: edgekeep completion fish | source
function __edgekeep_at
  set -l at
  for word in (commandline -opc)[2..]
    switch "$at $word"
      case ${paths(table, ' ')}
        set at "$at $word"
    end
  end
  test "$at" = "$argv"
end
${lines.join('\n')}
`
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

/** Single quotes for a POSIX shell; `inFish` with backslashes, which its single quotes read. */
function quoted(text: string, inFish = false): string {
  if (inFish) return `'${text.replaceAll(/[\\']/g, '\\$&')}'`
  return `'${text.replaceAll("'", "'\\''")}'`
}
