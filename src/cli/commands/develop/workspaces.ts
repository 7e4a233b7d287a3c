import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { packageIn, projectFile } from './package-file.ts'

/**
 * Packages of a monorepo (npm, yarn, bun: package.json; pnpm: pnpm-workspace.yaml), as paths below its root.
 * A pattern that leads out of the root is left out.
 */
export function workspaceFolders(root: string): string[] {
  const patterns = [...(packageIn(root)?.workspaces ?? []), ...pnpmPatterns(root)].map(asRelative)
  const isInside = (pattern: string) => pattern !== '' && !pattern.split('/').includes('..')
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!') && isInside(pattern))
  if (wanted.length === 0) return []
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
