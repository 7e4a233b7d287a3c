import type { Piece } from '../../contract/certificate-facts.ts'
import type { EdgekeepError } from '../../contract/errors.ts'
import type { ReadCertificate } from '../facts/certificate.ts'
import type { OpenKey } from './private-key.ts'
import type { WorkBudget } from '../work-budget.ts'

/** How a piece was written; what is not clean PEM is converted or wrapped anew. */
export type WrittenAs = 'pem' | 'messy-pem' | 'der' | 'pkcs7' | 'pkcs12' | 'jks'

/** A PEM block as it stood in a file, without anything that a key could be in. */
export interface GivenBlock {
  label: string
  /** It decodes to a certificate, to all of it and to nothing else. */
  isCertificate: boolean
  /** The lines of such a one, where they are not as `toPem` writes them. */
  lines?: string[]
  textBefore: boolean
  textAfter: boolean
}

/** One thing found in a file, before it has an id. */
export interface Found {
  kind: Piece['kind']
  place: Piece['place']
  title: string
  writtenAs: WrittenAs
  words?: string[]
  /** How it stood in a PEM file. */
  given?: GivenBlock
  /** The public half of a key that is shown but cannot be used (a public key, a request). */
  publicKey?: Piece['publicKey']
  certificate?: ReadCertificate
  revocationListDer?: Uint8Array
  requestDer?: Uint8Array
  key?: OpenKey
  locked?: Locked
}

/** Something a passphrase opens. `open` throws `key.wrong_passphrase`, `key.malformed` or `key.unsupported_encryption`, and NotYet. */
export interface Locked {
  open(passphrase: string, budget: WorkBudget): Reading
}

/** What reading a file, a block or an archive gave. */
export interface Reading {
  found: Found[]
  problems: EdgekeepError[]
}
