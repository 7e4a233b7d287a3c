import type { Piece } from '../../contract/inspect/certificate-facts.ts'
import type { EdgekeepError } from '../../contract/errors/registry.ts'
import type { ReadCertificate } from '../facts/certificate.ts'
import type { OpenKey } from './private-key.ts'
import type { WorkBudget } from '../work-budget.ts'

/** Encoding of a piece; anything but clean PEM is converted or rewrapped. */
export type WrittenAs = 'pem' | 'messy-pem' | 'der' | 'pkcs7' | 'pkcs12' | 'jks'

/** A PEM block as in its file, without anything that could contain a key. */
export interface GivenBlock {
  label: string
  /** It decodes to exactly one certificate, without other bytes. */
  isCertificate: boolean
  /** The lines of such a block, if they differ from the output of `toPem`. */
  lines?: string[]
  textBefore: boolean
  textAfter: boolean
}

export interface Found {
  kind: Piece['kind']
  place: Piece['place']
  title: string
  writtenAs: WrittenAs
  words?: string[]
  given?: GivenBlock
  /** The public key of a piece without a usable private key (a public key, a request). */
  publicKey?: Piece['publicKey']
  certificate?: ReadCertificate
  revocationListDer?: Uint8Array
  requestDer?: Uint8Array
  /** An OCSP response with answers. */
  ocspDer?: Uint8Array
  key?: OpenKey
  locked?: Locked
}

/**
 * A piece under a passphrase. `open` throws `key.wrong_passphrase`, `key.malformed` or
 * `key.unsupported_encryption`, and NotYet.
 */
export interface Locked {
  open(passphrase: string, budget: WorkBudget): Reading
}

export interface Reading {
  found: Found[]
  problems: EdgekeepError[]
}
