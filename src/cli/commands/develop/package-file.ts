import { hash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string'

const packageSchema = z.object({
  name: z.string().max(300).optional(),
  packageManager: z.string().optional(),
  scripts: z
    .looseObject({})
    .default({})
    .transform((given) => new Map(Object.entries(given).filter(isText))),
  workspaces: z
    .union([z.array(z.string()), z.object({ packages: z.array(z.string()) })])
    .optional()
    .transform((given) => (Array.isArray(given) ? given : (given?.packages ?? []))),
})
export type PackageFile = z.infer<typeof packageSchema>

const mostBytes = 1024 * 1024

/** Text of a file of a project, which may be a stranger's; null without one, or if it is too large. */
export function projectFile(path: string): string | null {
  try {
    const { size } = statSync(path)
    return size <= mostBytes ? readFileSync(path, 'utf8') : null
  } catch {
    return null
  }
}

/** Whether there is a package.json in `folder`, malformed or not. */
export function hasPackage(folder: string): boolean {
  return existsSync(join(folder, 'package.json'))
}

/** SHA-256 of package.json in `folder`, however large; null if nobody can read it. */
export function packageDigest(folder: string): string | null {
  try {
    return hash('sha256', readFileSync(join(folder, 'package.json')))
  } catch {
    return null
  }
}

/** Reads package.json in `folder`; null if it is missing or malformed. */
export function packageIn(folder: string): PackageFile | null {
  const text = projectFile(join(folder, 'package.json'))
  try {
    return text === null ? null : packageSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

const lockFiles = {
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'package-lock.json': 'npm',
} as const
export type PackageManager = (typeof lockFiles)[keyof typeof lockFiles]

/** Folders from `folder` up to `root`, both included. */
export function foldersUpTo(root: string, folder: string): string[] {
  const folders = [folder]
  for (let at = folder; at !== root && dirname(at) !== at; at = dirname(at)) folders.push(dirname(at))
  return folders
}

/** Package manager of a project: by its field in package.json, else by the nearest lock file. */
export function packageManagerOf(root: string, folder: string): PackageManager {
  for (const at of foldersUpTo(root, folder)) {
    const named = /^(npm|pnpm|yarn|bun)@/.exec(packageIn(at)?.packageManager ?? '')?.[1]
    if (named !== undefined) return named as PackageManager
    const lock = Object.entries(lockFiles).find(([file]) => existsSync(join(at, file)))
    if (lock) return lock[1]
  }
  return 'npm'
}
