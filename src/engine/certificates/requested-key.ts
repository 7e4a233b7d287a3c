import type { InputFile } from '../../pki/intake/intake.ts'
import type { Core } from '../core/core.ts'

/**
 * Lends the key of the CSR with this public key, as a file; nothing without such a request. `use` copies it;
 * it is zeroed afterwards.
 */
export function withRequestedKey({ vault }: Core, spkiSha256: string, use: (file: InputFile) => void): void {
  const waiting = vault.requests.findByKey(spkiSha256)
  if (!waiting) return
  vault.requests.withKey(waiting, (bytes) => use({ name: `key of the request for ${waiting.title}`, bytes }))
}
