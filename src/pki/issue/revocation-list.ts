import { createPrivateKey, type KeyObject } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import * as der from '../asn1/der-writer.ts'
import { explicitTag } from '../asn1/der.ts'
import { certificateInPem } from '../facts/certificate.ts'
import { type AuthorityMaterial, authorityKeyId } from './authority-certificates.ts'
import { algorithmOf, signed } from './signing.ts'

export interface Revoked {
  serialHex: string
  at: Date
  /** RFC 5280, section 5.3.1. */
  reason: number
}

const crlNumber = '2.5.29.20'
const reasonCode = '2.5.29.21'

/**
 * A CRL (RFC 5280, section 5.1) of `issuer` in DER. Its number is the time in seconds, so that later ones
 * have higher numbers.
 */
export function makeRevocationList(
  issuer: AuthorityMaterial,
  list: { revoked: readonly Revoked[]; at: Date; until: Date },
): Buffer {
  const key = createPrivateKey(issuer.keyPem)
  const { revoked, at, until } = list
  const content = der.sequence(
    der.integer(Uint8Array.of(1)),
    algorithmOf(key),
    certificateInPem(issuer.certificatePem).subject.bytes,
    der.time(at),
    der.time(until),
    ...(revoked.length === 0 ? [] : [der.sequence(...revoked.map(entry))]),
    der.element(explicitTag(0), extensions(key, at)),
  )
  return signed(content, key)
}

function entry({ serialHex, at, reason }: Revoked): Buffer {
  // RFC 5280, section 5.3.1: "unspecified" is expressed by absence.
  const why = reason === 0 ? [] : [der.sequence(extension(reasonCode, der.enumerated(reason)))]
  return der.sequence(der.integer(Buffer.from(serialHex, 'hex')), der.time(at), ...why)
}

function extensions(key: KeyObject, at: Date): Buffer {
  const seconds = Math.floor(at.getTime() / 1000).toString(16)
  const number = Buffer.from(seconds.padStart(seconds.length + (seconds.length % 2), '0'), 'hex')
  const signer = new Uint8Array(AsnConvert.serialize(authorityKeyId(key)))
  return der.sequence(signer, extension(crlNumber, der.integer(number)))
}

function extension(oid: string, value: Uint8Array): Buffer {
  return der.sequence(der.objectIdentifier(oid), der.octetString(value))
}
