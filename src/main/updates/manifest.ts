import { z } from 'zod'
import { timeSchema } from '../../contract/shared/time.ts'

/** Names of the two files at a feed: the manifest and its signature. */
export const manifestName = 'updates.json'
export const signatureName = `${manifestName}.minisig`

const versionSchema = z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/)

export const packageKinds = ['appimage', 'deb', 'rpm', 'mac-zip', 'nsis'] as const
export type PackageKind = (typeof packageKinds)[number]

const packageSchema = z.object({
  kind: z.enum(packageKinds),
  arch: z.enum(['x64', 'arm64']),
  /** File name in the feed, never a path. */
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/),
  sizeBytes: z
    .number()
    .int()
    .positive()
    .max(2 ** 31),
  sha512: z.string().regex(/^[0-9a-f]{128}$/),
})
export type UpdatePackage = z.infer<typeof packageSchema>

export const manifestSchema = z.object({
  product: z.literal('edgekeep'),
  version: versionSchema,
  releasedAt: timeSchema,
  /** Expiry of the signed manifest: a feed that still serves it later may hide a newer one. */
  expiresAt: timeSchema,
  notes: z.string().max(20_000),
  packages: z.array(packageSchema).max(32),
})
export type Manifest = z.infer<typeof manifestSchema>

/** Feed and public key of updates, written into a package when it is built. */
export const updateChannelSchema = z.object({
  /** Folder of the manifest; https, or the loopback for tests. */
  feed: z.url({ protocol: /^https?$/ }).refine((feed) => isSafe(feed)),
  /** Second line of a minisign public key. */
  publicKey: z.string(),
})
export type UpdateChannel = z.infer<typeof updateChannelSchema>

function isSafe(feed: string): boolean {
  return feed.startsWith('https://') || /^http:\/\/127\.0\.0\.1(:\d{1,5})?\//.test(feed)
}

export function isNewer(version: string, than: string): boolean {
  const [one, other] = [numbersOf(version), numbersOf(than)]
  const differs = one.findIndex((number, at) => number !== other[at])
  return differs >= 0 && (one[differs] ?? 0) > (other[differs] ?? 0)
}

function numbersOf(version: string): number[] {
  return version.split('.').map(Number)
}
