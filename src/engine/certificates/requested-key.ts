import type { InputFile } from '../../pki/intake/intake.ts'
import type { EngineParts } from '../parts.ts'

/**
 * Lends the key of the request that waits for a certificate with this public key, as a file beside it; nothing
 * where there is none. Whoever takes it copies it; it is zeroed afterwards.
 */
export function withRequestedKey(
  { vault }: EngineParts,
  spkiSha256: string,
  use: (file: InputFile) => void,
): void {
  const waiting = vault.requests.findByKey(spkiSha256)
  if (!waiting) return
  vault.requests.withKey(waiting, (bytes) => use({ name: `key of the request for ${waiting.title}`, bytes }))
}
