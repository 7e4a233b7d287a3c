import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { fileDigest, foldersUpTo, hasPackage, otherFields, packageIn } from './package-file.ts'
import { settingsIn, unknownLine } from './runner-files.ts'
import { packageFolders } from './workspaces.ts'

export interface Script {
  folder: string
  /** Name of a script of package.json, or of a whole file. */
  name: string
  text: string
}

interface Started {
  folder: string
  line: string
}

/** Words by which a script runner reaches other packages of a monorepo. */
const everywhere = /^(?:foreach|workspaces?|turbo|nx|lerna|lage|moon|rush|wsrun)$/

/** Options and variables of package managers, which may be abbreviated, and names that yarn looks for everywhere. */
const reaching = /^-|_config_|:/i

/**
 * Scripts of package.json that a command line may start, also by other scripts: each whose name is a word of
 * the line, with its hooks ("predev"), and the files that decide how they run. A line in which a shell makes
 * words of its own may start every script of the project. Rather one too many: what a person agrees to are these
 * texts.
 * @throws `input.file_unreadable` for a file of which nobody knows what a package manager would read
 */
export function scriptsBehind(root: string, started: Started): Script[] {
  const found = new Map<string, Script>()
  const pending = [started]
  const add = (script: Script, line: string | null) => {
    // A script may be called as a file is.
    const place = `${script.folder}\0${script.name}\0${script.text}`
    if (found.has(place)) return
    found.set(place, script)
    if (line !== null) pending.push({ folder: script.folder, line })
  }
  let isWhole = false
  for (const { folder, line } of pending) {
    const tokens = tokensOf(line)
    if (tokens.isHidden && isWhole) continue
    isWhole ||= tokens.isHidden
    const packages = new Set(packagesOf(root, folder, tokens))
    for (const at of packages) {
      for (const { line: lines, ...script } of scriptsIn(at, tokens)) add(script, lines)
      for (const above of foldersUpTo(root, at)) {
        if (packages.has(above) && above !== at) continue
        for (const { text, line: lines, name, isWide } of settingsIn(
          above,
          tokens.isHidden ? null : tokens.whole,
        )) {
          add({ folder: above, name, text }, lines)
          if (isWide) for (const other of packageFolders(root)) packages.add(other)
        }
      }
    }
  }
  return [...found.values()]
}

/** Runners whose commands stand in fields of package.json. */
const fieldReaders = ['nx', 'lerna', 'wireit']

/** Named scripts of a package; one that npm may read, and this program does not, counts as one script. */
function scriptsIn(folder: string, tokens: Tokens): (Script & { line: string })[] {
  const known = packageIn(folder)
  if (known) {
    const named = [...known.scripts].filter(([name]) => isNamed(name, tokens))
    // A script may name fields of its package by variables (npm_package_config_…).
    const others =
      tokens.isHidden || fieldReaders.some((word) => tokens.whole.has(word)) ? otherFields(folder) : null
    const fields = others === null ? [] : [{ folder, name: 'package.json', text: others, line: unknownLine }]
    return [...named.map(([name, text]) => ({ folder, name, text, line: text })), ...fields]
  }
  const sha256 = fileDigest(join(folder, 'package.json'))
  if (sha256 === null) return []
  const text = `not readable here, with scripts unknown (SHA-256 ${sha256})`
  return [{ folder, name: 'package.json', text, line: unknownLine }]
}

/** Digest of scripts, by which a change of one is noticed. */
export function digestOfScripts(root: string, scripts: Script[]): string {
  const listed = scripts.map(({ folder, name, text }) => [relative(root, folder), name, text])
  return createHash('sha256').update(JSON.stringify(listed)).digest('hex')
}

interface Tokens {
  whole: Set<string>
  /** Beginnings of patterns such as `dev:*`. */
  beginnings: string[]
  /** Words of the line are not those that its programs get. */
  isHidden: boolean
}

/** More patterns than this in one line count as one that matches every name. */
const mostPatterns = 50

/** A line of more words counts as one that hides some. */
const mostTokens = 1000

/** Characters that divide the words of a line. */
const dividers = /[\s"'`;&|()<>=,]+/

const managers = /\b(?:npm|pnpm|yarn|bun)/

/** Scripts that package managers run by other words than their names. */
const implied: [words: RegExp, names: string[]][] = [
  [
    // pnpm installs before a script where a setting says so (verifyDepsBeforeRun).
    /^(?:i|in|inst?a?l?l?|isnt\w*|ci|ic|cit|it|sit|clean-install\S*|install-\S*|add|up|update|upgrade|rebuild|rb|link|ln|yarn|pnpm|dedupe|ddp|prune|audit|un|uninstall|unlink|remove|rm|r|pack|publish)$/,
    [
      ...['install', 'prepublish', 'prepublishOnly', 'prepare', 'preprepare', 'postprepare', 'dependencies'],
      ...['pack', 'publish'],
    ],
  ],
  [/^(?:t|tst|it|cit|sit|install-\S*)$/, ['test']],
  [/^restart$/, ['start', 'stop']],
]

function tokensOf(line: string): Tokens {
  const listed = line.split(dividers)
  if (listed.length > mostTokens || hidesTokens(line))
    return { whole: new Set(listed.slice(0, mostTokens)), beginnings: [''], isHidden: true }
  // "npm:dev" of concurrently, and "web:dev:ci" or "web#dev" of a runner of workspaces.
  const parts = listed.some((word) => everywhere.test(word))
    ? listed.flatMap((word) => word.split(/[:#]/))
    : []
  // "npm:dev", "/usr/bin/npm" and "npm.cmd".
  const bare = listed.map((word) =>
    word.replace(/^(?:npm|pnpm|yarn|bun|node):|^.*[\\/]|\.(?:cmd|exe|[cm]?js)$/g, ''),
  )
  const whole = new Set([...listed, ...bare, ...parts])
  const given = managers.test(line) ? [...whole] : []
  for (const [words, names] of implied)
    if (given.some((word) => words.test(word))) for (const name of names) whole.add(name)
  const patterns = [...whole].filter((word) => /[*?{[]/.test(word))
  const beginnings = patterns.map((word) => word.split(/[*?{[]/, 1)[0] ?? '')
  return { whole, beginnings: beginnings.length > mostPatterns ? [''] : beginnings, isHidden: false }
}

function isNamed(name: string, { whole, beginnings }: Tokens): boolean {
  // No word of a line can be it.
  if (dividers.test(name)) return true
  const hooked = name.replace(/^(?:pre|post)/, '')
  return [name, hooked].some((each) => whole.has(each) || beginnings.some((start) => each.startsWith(start)))
}

/**
 * The nearest package, those of the folders that words lead to, one after the other ("cd apps && cd shop"), for a
 * runner of workspaces all of them, and where words are hidden all of the project.
 */
function packagesOf(root: string, folder: string, { whole, isHidden }: Tokens): string[] {
  if (isHidden) return [...new Set([folder, ...packageFolders(root)])]
  const folders = new Set([folder])
  for (const at of folders)
    for (const word of whole) {
      const next = resolve(at, word)
      if (folders.size < mostFolders && isInside(root, next) && isFolder(next)) folders.add(next)
    }
  const nearest = [...folders].map((at) => foldersUpTo(root, at).find(hasPackage) ?? at)
  const includes = (pattern: RegExp) => [...whole].some((word) => pattern.test(word))
  const isWide = includes(everywhere) || (includes(managers) && includes(reaching))
  const all = isWide ? packageFolders(root) : []
  return [...new Set([...nearest, ...all])]
}

/** More than any line leads through. */
const mostFolders = 200

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function isInside(root: string, path: string): boolean {
  return `${path}${sep}`.startsWith(`${root}${sep}`)
}

/** Words, patterns, assignments, and operators that start one command after another. */
const plain =
  process.platform === 'win32' ? /^[\w@+:,./=*?~#!{}[\]\s;&|()-]*$/ : /^[\w@+:,./=*?~#!{}[\]\s;&|()%^-]*$/

/** Programs that take words from their input or a file, or give others a meaning. */
const readers = new Set(['xargs', 'parallel', 'eval', 'source', '.', 'alias'])

/** Programs that run code of an option, which makes words in its own way. */
const interpreters =
  /^(?:node(?:js)?|bun|deno|tsx|ts-node|python[\d.]*|perl|ruby|php|[gm]?awk|lua|osascript|pwsh|powershell|cmd)$/
const code = /^(?:-[ceprCEPR].*|-\w[ceprCEPR]\w*|--(?:eval|print|exec|run)|\/c)$/

const runners = [
  'npm',
  'npx',
  'pnpm',
  'pnpx',
  'yarn',
  'bun',
  'bunx',
  'node',
  'make',
  'just',
  'task',
  'turbo',
  'nx',
]

/** Whether a pattern or braces of a shell can become the name of a runner, as `np?` does beside a file "npm". */
function mayBecomeRunner(word: string): boolean {
  const pattern = word.slice(word.lastIndexOf('/') + 1)
  const start = pattern.search(/[*?[{]/)
  if (start < 0) return false
  const [before, after] = [pattern.slice(0, start), pattern.split(/[*?\]}]/).at(-1) ?? '']
  const isAny = before === '' && after === '' && word !== pattern
  return !isAny && runners.some((name) => name.startsWith(before) && name.endsWith(after))
}

/**
 * Whether a shell makes other words of a line than those that stand in it: by escapes, variables, substitutions,
 * quotes inside of words, pipes and files.
 */
function hidesTokens(line: string): boolean {
  const tokens = line.split(/[\s;&|()"']+/)
  // pnpm takes a regular expression in the place of a name: pnpm run "/^dev/".
  const isExpression = /\bpnp[mx]\b/.test(line) && tokens.some((word) => word.startsWith('/'))
  // Extended pattern of run-s and run-p, which the parentheses divide: run-s "@(d)ev".
  const isExtended = /[@+!]\(/.test(line)
  const hasPipe = line.replaceAll('||', '').includes('|')
  const hasCode =
    tokens.some((word) => interpreters.test(word.slice(word.lastIndexOf('/') + 1))) &&
    tokens.some((word) => code.test(word))
  const isMade = isExpression || isExtended || hasPipe || hasCode || !isPlain(line)
  return isMade || tokens.some((word) => readers.has(word) || mayBecomeRunner(word))
}

/** Whether all is plain, also within quotes, and each quoted word stands alone. */
function isPlain(line: string): boolean {
  const quotes = line.match(/["']/g) ?? []
  const parts = line.split(/["']/)
  const isPaired = quotes.every((quote, at) => quote === quotes[at - (at % 2)]) && quotes.length % 2 === 0
  const standsAlone = parts.every((part, at) => {
    if (at % 2 === 1) return true
    const isOpen = at === 0 || /^[\s;&)|]/.test(part) || (part === '' && at === parts.length - 1)
    return isOpen && (at === parts.length - 1 || /[\s;&(|]$/.test(part) || (part === '' && at === 0))
  })
  return isPaired && standsAlone && parts.every((part) => plain.test(part))
}
