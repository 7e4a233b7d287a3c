import { z } from 'zod'
import { timeSchema } from '../../contract/certificate-facts.ts'

/** Names of the two files at a feed: what there is, and its signature. */
export const manifestName = 'updates.json'
export const signatureName = `${manifestName}.minisig`

const versionSchema = z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/)

export const packageKinds = ['appimage', 'deb', 'rpm', 'mac-zip', 'nsis'] as const
export type PackageKind = (typeof packageKinds)[number]

const packageSchema = z.object({
  kind: z.enum(packageKinds),
  arch: z.enum(['x64', 'arm64']),
  /** A name in the feed, never a path. */
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/),
  sizeBytes: z
    .number()
    .int()
    .positive()
    .max(2 ** 31),
  sha512: z.string().regex(/^[0-9a-f]{128}$/),
})
export type UpdatePackage = z.infer<typeof packageSchema>

/** The newest release, for all systems. */
export const manifestSchema = z.object({
  product: z.literal('edgekeep'),
  version: versionSchema,
  releasedAt: timeSchema,
  /** End of what the signature vouches for: a list that is still shown later may hide a newer one. */
  expiresAt: timeSchema,
  notes: z.string().max(20_000),
  packages: z.array(packageSchema).max(32),
})
export type Manifest = z.infer<typeof manifestSchema>

/** Where updates are looked for, and whose signature counts; written into a package when it is made. */
export const updateChannelSchema = z.object({
  /** The folder that holds the manifest; https, or the loopback for tests. */
  feed: z.url({ protocol: /^https?$/ }).refine((feed) => isSafe(feed)),
  /** The second line of a minisign public key. */
  publicKey: z.string(),
})
export type UpdateChannel = z.infer<typeof updateChannelSchema>

function isSafe(feed: string): boolean {
  return feed.startsWith('https://') || /^http:\/\/127\.0\.0\.1(:\d{1,5})?\//.test(feed)
}

/** Whether `version` is newer than `than`; both are three numbers. */
export function isNewer(version: string, than: string): boolean {
  const [one, other] = [numbersOf(version), numbersOf(than)]
  const differs = one.findIndex((number, at) => number !== other[at])
  return differs >= 0 && (one[differs] ?? 0) > (other[differs] ?? 0)
}

function numbersOf(version: string): number[] {
  return version.split('.').map(Number)
}
