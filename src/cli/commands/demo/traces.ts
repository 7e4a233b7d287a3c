import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPrivateKey } from 'node:crypto'
import type { Pair } from './pair.ts'

/**
 * Encodings of a key to search files for: PEM text, DER, base64 and hex of it, and the secret scalar itself.
 */
export function keyTraces({ keyPem }: Pair): Buffer[] {
  const key = createPrivateKey(keyPem.bytes)
  const der = key.export({ type: 'pkcs8', format: 'der' })
  const scalar = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')
  const text = keyPem.bytes.toString().split('\n')[1] ?? ''
  return [
    der,
    scalar,
    Buffer.from(text),
    Buffer.from(scalar.toString('base64url')),
    Buffer.from(scalar.toString('hex')),
  ]
}

/** The certificate's own bytes, which are unencrypted in the vault. */
export function certificateTrace({ chainPem }: Pair): Buffer {
  return Buffer.from(chainPem.split('\n')[2] ?? '')
}

export function foundIn(folder: string, traces: Buffer[]): boolean {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return files.some((entry) => {
    const bytes = readFileSync(join(entry.parentPath, entry.name))
    return traces.some((trace) => trace.length > 0 && bytes.includes(trace))
  })
}
