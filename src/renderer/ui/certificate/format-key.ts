import type { PublicKeyFacts } from '../../../contract/inspect/certificate-facts.ts'

/** Formats a key: `EC P-256`, `RSA 2048 bits`, `Ed25519`. */
export function formatKey(key: PublicKeyFacts): string {
  if (key.curve !== undefined) return `${key.type} ${key.curve}`
  return key.bits === undefined || key.type.startsWith('Ed') ? key.type : `${key.type} ${key.bits} bits`
}
