import type { Bundle, Piece } from '../../contract/certificate-facts.ts'
import type { Found } from '../formats/found.ts'

/** A piece in an intake: what was found, with its id and the number of equal ones that came after it. */
export interface IntakePiece extends Found {
  id: string
  /** It says the same as an earlier piece. */
  duplicate: boolean
  /** It came out of something that a passphrase opened. */
  wasLocked: boolean
}

/** The forms that are no text, by how a piece was written. */
export const binaryForms: ReadonlyMap<string, string> = new Map([
  ['der', 'DER'],
  ['pkcs7', 'PKCS#7'],
  ['pkcs12', 'PKCS#12'],
  ['jks', 'a Java keystore'],
])

/** What was put together from the held pieces. */
export interface Assembly {
  bundles: Bundle[]
  /** Roots that stood above a bundle's chain, by piece id. */
  roots: Set<string>
}

/** A piece as the report shows it: facts of public halves only. */
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
