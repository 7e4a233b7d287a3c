import { globSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { hasPackage, packageIn, projectFile } from './package-file.ts'

/**
 * Packages of a monorepo (npm, yarn, bun: package.json; pnpm: pnpm-workspace.yaml), as paths below its root.
 * A pattern that leads out of the root is left out.
 * @throws `input.file_unreadable` for a pattern that braces make to very many
 */
export function workspaceFolders(root: string): string[] {
  const patterns = [...(packageIn(root)?.workspaces ?? []), ...pnpmPatterns(root)].map(asRelative)
  const isInside = (pattern: string) => pattern !== '' && !pattern.split('/').includes('..')
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!') && isInside(pattern))
  if (wanted.length === 0) return []
  for (const pattern of patterns) refuseExpansion(pattern)
  const left = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  const found = globSync(
    wanted.map((pattern) => join(pattern, 'package.json')),
    {
      cwd: root,
      exclude: ['**/node_modules/**', '**/.git/**', ...left.flatMap((pattern) => [pattern, `${pattern}/**`])],
    },
  )
  return [...new Set(found.map((file) => dirname(file)))].filter((path) => path !== '.').toSorted()
}

/** All packages below `root`, also those that no workspace names, and those in hidden folders. */
export function packageFolders(root: string): string[] {
  const folders = [root]
  for (const at of folders)
    for (const name of foldersIn(at)) if (!isLeftOut.has(name)) folders.push(join(at, name))
  return folders.filter(hasPackage).toSorted()
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  } catch {
    // A package manager cannot read it either.
    return []
  }
}

const isLeftOut = new Set(['node_modules', '.git'])

const mostBraces = 8
const mostAlternatives = 1000
/** In a name, of which a long one is compared in so many ways; `**` stands alone in it. */
const mostStars = 2
const mostGlobstars = 4

/**
 * Braces multiply: `{a,b}` eighteen times, or `{1..1000000}`, would keep the processor busy for minutes. So would
 * `*a*a*a*a*b`, and repeated groups such as `+(a|aa)`, for a long name.
 */
function refuseExpansion(pattern: string): void {
  const [, ...braces] = pattern.split('{')
  const alternatives = braces.reduce((product, part) => product * part.split(',').length, 1)
  const isRange = braces.some((part) => part.includes('..'))
  const stars = pattern.split('/').map((part) => part.split('*').length - 1)
  const isSlow =
    /[?*+@!]\(/.test(pattern) ||
    stars.some((count) => count > mostStars) ||
    pattern.split('**').length > mostGlobstars + 1
  if (braces.length <= mostBraces && alternatives <= mostAlternatives && !isRange && !isSlow) return
  const reason = 'a pattern of its workspaces stands for too many folders'
  throw new EdgekeepError('input.file_unreadable', { file: 'package.json', reason })
}

/** Also an absolute pattern becomes one below the root. */
function asRelative(pattern: string): string {
  const [, exclusion = '', path = ''] = /^(!?)(.*)$/s.exec(pattern) ?? []
  const parts = path.split(/[\\/]/).filter((part) => part !== '' && part !== '.')
  return exclusion + parts.join('/')
}

function pnpmPatterns(root: string): string[] {
  const text = projectFile(join(root, 'pnpm-workspace.yaml'))
  if (text === null) return []
  try {
    const { packages } = parse(text, { maxAliasCount: 0, uniqueKeys: false }) as { packages?: unknown }
    return Array.isArray(packages) ? packages.filter((pattern) => typeof pattern === 'string') : []
  } catch {
    return []
  }
}
