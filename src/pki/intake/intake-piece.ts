import type { Bundle, Piece } from '../../contract/inspect/certificate-facts.ts'
import type { Found } from '../formats/found.ts'

/** A piece with its id and the count of later duplicates. */
export interface IntakePiece extends Found {
  id: string
  /** Same content as an earlier piece. */
  duplicate: boolean
  /** Decrypted with a passphrase. */
  wasLocked: boolean
}

/** Binary encodings and their names. */
export const binaryForms: ReadonlyMap<string, string> = new Map([
  ['der', 'DER'],
  ['pkcs7', 'PKCS#7'],
  ['pkcs12', 'PKCS#12'],
  ['jks', 'a Java keystore'],
])

export interface Assembly {
  bundles: Bundle[]
  /** Roots above a bundle's chain, by piece id. */
  roots: Set<string>
}

/** The piece for the report: public facts only. */
export function reportPiece(held: IntakePiece): Piece {
  const publicKey = held.key?.publicKey ?? held.publicKey
  return {
    id: held.id,
    kind: held.kind,
    place: held.place,
    title: held.title,
    form: held.writtenAs,
    ...(held.locked ? { locked: true } : {}),
    ...(held.certificate ? { certificate: held.certificate.facts } : {}),
    ...(publicKey ? { publicKey } : {}),
    ...(held.words ? { words: held.words } : {}),
  }
}
