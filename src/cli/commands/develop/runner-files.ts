import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileDigest, projectFile } from './package-file.ts'

/** File that decides what a script runner starts. */
interface RunnerFile {
  name: string
  /** Text for the question, with a digest of the whole: such a file may hold a token. */
  text: string
  /** Command lines of its own, if it has any. */
  line: string | null
  /** It may lead a package manager to other packages. */
  isWide: boolean
}

interface RunnerFiles {
  /** Words of a line that calls the runner. */
  words: RegExp
  names: RegExp
  /** Lines shown in the question: those that name a program or its options. */
  shown: RegExp
  hasCommands?: true
}

/** Line whose words nobody knows: it may start every script. */
export const unknownLine = '$'

const packageManagers =
  /^(?:(?:npm|pnpm|yarn|bun)(?:pkg|[-.@].*)?|npx|pnpx|bunx|corepack|turbo|nx|lerna|lage|moon|rush|wsrun|run-[ps]|concurrently|node(?:js)?)$/
const commands = /\S/

const runners: RunnerFiles[] = [
  {
    words: packageManagers,
    names:
      /^(?:\.npmrc|\.yarnrc|\.yarnrc\.yml|\.corepack\.env|bunfig\.toml|pnpm-workspace\.yaml|\.pnp\.c?js|\.pnp\.loader\.mjs|\.pnpmfile\.c?js)$/i,
    shown: /shell|node.?options|path|preload|plugin|register|config/i,
  },
  // Manifests of pnpm besides package.json.
  { words: packageManagers, names: /^package\.(?:yaml|json5)$/i, shown: commands, hasCommands: true },
  { words: /^g?make$/, names: /^(?:gnu)?makefile$|\.mk$/i, shown: commands, hasCommands: true },
  { words: /^just$/, names: /^\.?justfile$/i, shown: commands, hasCommands: true },
  { words: /^(?:go-)?task$/, names: /^taskfile\.(?:dist\.)?ya?ml$/i, shown: commands, hasCommands: true },
  { words: /^mise$/, names: /^\.?mise(?:\.\w+)*\.toml$/i, shown: commands, hasCommands: true },
  { words: /^deno$/, names: /^deno\.jsonc?$/i, shown: commands, hasCommands: true },
  { words: /^(?:nx|lerna)$/, names: /^(?:nx|project|lerna)\.json$/i, shown: commands, hasCommands: true },
  { words: /^turbo$/, names: /^turbo\.jsonc?$/i, shown: commands, hasCommands: true },
  { words: /^moon$/, names: /^moon\.(?:yml|pkl)$/i, shown: commands, hasCommands: true },
  { words: /^composer$/, names: /^composer\.json$/i, shown: commands, hasCommands: true },
  {
    words: /^(?:foreman|overmind|honcho|goreman|hivemind|nf)$/,
    names: /^procfile/i,
    shown: commands,
    hasCommands: true,
  },
]

/** Variables of a .env file by which a runner that reads it (bun, yarn) starts something else. */
const deciding = /NODE_|BUN_|npm_config|PATH|SHELL|LD_|DYLD_/i
const mostShown = 10

const wide = /workspace|recursive|filter|cwd|prefix|\bdir\b/i

/**
 * Files in a folder that decide what these words start; null: any words.
 * @throws `input.file_unreadable`
 */
export function settingsIn(folder: string, words: ReadonlySet<string> | null): RunnerFile[] {
  const called = runners.filter(({ words: own }) => !words || [...words].some((word) => own.test(word)))
  if (called.length === 0) return []
  return namesIn(folder).flatMap((name) => {
    const runner = called.find(({ names }) => names.test(name))
    if (runner) return fileOf(join(folder, name), name, runner)
    const lines = /^\.env(?:\.|$)/i.test(name) ? decidingLines(join(folder, name)) : []
    return lines.length > 0
      ? { name, text: lines.join('; '), line: null, isWide: wide.test(lines.join()) }
      : []
  })
}

function fileOf(path: string, name: string, { shown, hasCommands }: RunnerFiles): RunnerFile[] {
  const sha256 = fileDigest(path)
  if (sha256 === null) return []
  const text = projectFile(path)
  const lines = (text ?? '')
    .split('\n')
    .filter((line) => shown.test(line) && !/auth|token|password|secret/i.test(line))
  const some = lines.slice(0, mostShown).map((line) => line.trim())
  return [
    {
      name,
      text: [...some, `(SHA-256 ${sha256})`].join('; '),
      line: hasCommands ? (text ?? unknownLine) : null,
      isWide: text === null || wide.test(text),
    },
  ]
}

function decidingLines(path: string): string[] {
  return (projectFile(path) ?? '').split(/[\r\n]+/).filter((line) => deciding.test(line))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch {
    // A package manager cannot read it either.
    return []
  }
}
