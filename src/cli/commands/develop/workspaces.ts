import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { packageIn, projectFile } from './package-file.ts'

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

/** All packages below `root`, also those that no workspace names. */
export function packageFolders(root: string): string[] {
  const found = globSync('**/package.{json,json5,yaml}', { cwd: root, exclude: isLeftOut })
  return [...new Set(found.map((file) => join(root, dirname(file))))].toSorted()
}

const isLeftOut = (path: string) => /(?:^|[\\/])(?:node_modules|\.git)$/.test(path)

const mostBraces = 8
const mostAlternatives = 1000

/** Braces multiply: `{a,b}` eighteen times, or `{1..1000000}`, would keep the processor busy for minutes. */
function refuseExpansion(pattern: string): void {
  const [, ...braces] = pattern.split('{')
  const alternatives = braces.reduce((product, part) => product * part.split(',').length, 1)
  const isRange = braces.some((part) => part.includes('..'))
  if (braces.length <= mostBraces && alternatives <= mostAlternatives && !isRange) return
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
