import { createHash } from 'node:crypto'
import { join, relative, resolve, sep } from 'node:path'
import { foldersUpTo, hasPackage, packageDigest, packageIn } from './package-file.ts'
import { workspaceFolders } from './workspaces.ts'

export interface Script {
  /** Folder of its package.json. */
  folder: string
  name: string
  text: string
}

interface Started {
  folder: string
  line: string
}

/** Words by which a script runner reaches other packages of a monorepo. */
const everywhere =
  /^(?:-r|--recursive|-ws?|--workspaces?|-F|--filter|foreach|workspaces?|turbo|nx|lerna|wsrun)$/

/**
 * Scripts of package.json that a command line may start, also by other scripts: each whose name is a word of
 * the line, with its hooks ("predev"). Rather one too many: what a person agrees to are these texts.
 */
export function scriptsBehind(root: string, started: Started): Script[] {
  const found = new Map<string, Script>()
  const pending = [started]
  for (const { folder, line } of pending) {
    const tokens = tokensOf(line)
    for (const at of packagesOf(root, folder, tokens))
      for (const script of scriptsIn(at, tokens)) {
        const place = `${at}\0${script.name}`
        if (found.has(place)) continue
        found.set(place, script)
        pending.push({ folder: at, line: script.text })
      }
  }
  return [...found.values()]
}

/** Named scripts of a package; one that npm may read, and this program does not, counts as one script. */
function scriptsIn(folder: string, tokens: Tokens): Script[] {
  const known = packageIn(folder)
  if (known)
    return [...known.scripts].flatMap(([name, text]) => (isNamed(name, tokens) ? { folder, name, text } : []))
  const sha256 = packageDigest(folder)
  if (sha256 === null) return []
  return [
    { folder, name: 'package.json', text: `not readable here, with scripts unknown (SHA-256 ${sha256})` },
  ]
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
}

/** More patterns than this in one line count as one that matches every name. */
const mostPatterns = 50

/** Characters that divide the words of a line. */
const dividers = /[\s"'`;&|()<>=,]+/

const managers = /\b(?:npm|pnpm|yarn|bun)\b/

/** Scripts that package managers run by other words than their names. */
const implied: [words: RegExp, names: string[]][] = [
  [
    /^(?:i|in|inst?a?l?l?|isnt\w*|ci|ic|cit|it|sit|clean-install\S*|install-\S*|add|up|update|upgrade|rebuild|rb|link|ln|yarn)$/,
    ['install', 'prepublish', 'prepare', 'preprepare', 'postprepare', 'dependencies'],
  ],
  [/^(?:t|tst|it|cit|sit|install-\S*)$/, ['test']],
  [/^restart$/, ['start', 'stop']],
]

function tokensOf(line: string): Tokens {
  const whole = new Set(line.split(dividers).map((word) => word.replace(/^(?:npm|pnpm|yarn|bun):/, '')))
  const given = managers.test(line) ? [...whole] : []
  for (const [words, names] of implied)
    if (given.some((word) => words.test(word))) for (const name of names) whole.add(name)
  const patterns = [...whole].filter((word) => /[*?{[]/.test(word))
  const beginnings = patterns.map((word) => word.split(/[*?{[]/, 1)[0] ?? '')
  return { whole, beginnings: beginnings.length > mostPatterns ? [''] : beginnings }
}

function isNamed(name: string, { whole, beginnings }: Tokens): boolean {
  // No word of a line can be it.
  if (dividers.test(name)) return true
  const hooked = name.replace(/^(?:pre|post)/, '')
  return [name, hooked].some((each) => whole.has(each) || beginnings.some((start) => each.startsWith(start)))
}

/** The nearest package, those whose folder is a word, and for a runner of workspaces all of the project. */
function packagesOf(root: string, folder: string, { whole }: Tokens): string[] {
  const around = foldersUpTo(root, folder)
  const nearest = around.find(hasPackage) ?? folder
  const named = [...whole]
    .map((word) => resolve(folder, word))
    .filter((at) => isInside(root, at) && hasPackage(at))
  const all = [...whole].some((word) => everywhere.test(word))
    ? around.flatMap((at) => [at, ...workspaceFolders(at).map((path) => join(at, path))])
    : []
  return [...new Set([nearest, ...named, ...all])]
}

function isInside(root: string, path: string): boolean {
  return `${path}${sep}`.startsWith(`${root}${sep}`)
}
