import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { readOrdinaryFile, UnsuitableFile } from '../../../platform/files/ordinary-file.ts'

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
    return readOrdinaryFile(path, mostBytes).toString('utf8')
  } catch {
    return null
  }
}

/** Manifests of a package: pnpm reads the others where package.json is missing. */
const manifests = ['package.json', 'package.json5', 'package.yaml']

/** Whether there is a manifest in `folder`, malformed or not. */
export function hasPackage(folder: string): boolean {
  return manifests.some((name) => existsSync(join(folder, name)))
}

const mostDigestedBytes = 64 * 1024 * 1024

/**
 * SHA-256 of a file of a project; null if nobody can read it.
 * @throws `input.file_unreadable` for a pipe or device, which differs for each reader, and above 64 MiB
 */
export function fileDigest(path: string): string | null {
  try {
    return hash('sha256', readOrdinaryFile(path, mostDigestedBytes))
  } catch (error) {
    if (!(error instanceof UnsuitableFile)) return null
    const named = { file: basename(path), reason: error.message }
    throw new EdgekeepError('input.file_unreadable', named, { cause: error })
  }
}

/** Digest of what stands in a package.json besides scripts and dependencies; null without anything. */
export function otherFields(folder: string): string | null {
  const manifest: unknown = JSON.parse(projectFile(join(folder, 'package.json')) ?? '{}')
  const others = Object.entries(manifest ?? {}).filter(([name]) => !/^scripts$|dependencies$/i.test(name))
  return others.length === 0 ? null : `other fields (SHA-256 ${hash('sha256', JSON.stringify(others))})`
}

/** Reads package.json in `folder`; null if it is missing or malformed. */
export function packageIn(folder: string): PackageFile | null {
  const text = projectFile(join(folder, 'package.json'))
  try {
    return text === null ? null : packageSchema.parse(JSON.parse(text, refusePrototype))
  } catch {
    return null
  }
}

/** The schema drops the name __proto__, under which npm finds a script. */
function refusePrototype(name: string, value: unknown): unknown {
  if (name === '__proto__') throw new SyntaxError('__proto__ is no name of a field')
  return value
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
