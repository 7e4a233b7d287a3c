import { readOne, tags } from '../asn1/der.ts'

/** A signed certificate timestamp of a transparency log (RFC 6962, section 3.2). */
export interface SignedCertificateTimestamp {
  logIdHex: string
  at: Date
  /** The timestamp and the CtExtensions as they were signed. */
  atBytes: Uint8Array
  extensions: Uint8Array
  /** Registries of TLS 1.2: hash 4 is SHA-256; signature 1 RSA, 3 ECDSA. */
  hashAlgorithm: number
  signatureAlgorithm: number
  signature: Uint8Array
}

/**
 * The SCTs of the extension's value: an OCTET STRING around a TLS-encoded list (RFC 6962, section 3.3), each
 * entry with a length of two bytes.
 * @throws on wrong lengths
 */
export function readSctList(extensionValue: Uint8Array): SignedCertificateTimestamp[] {
  const list = Buffer.from(readOne(extensionValue, tags.octetString).content)
  const scts: SignedCertificateTimestamp[] = []
  const total = list.readUInt16BE(0) + 2
  if (total !== list.length) throw new RangeError('the list is not as long as it says')
  for (let at = 2; at < total;) {
    const length = list.readUInt16BE(at)
    const sct = list.subarray(at + 2, at + 2 + length)
    if (sct.length !== length) throw new RangeError('a timestamp is not as long as it says')
    scts.push(readSct(sct))
    at += 2 + length
  }
  return scts
}

function readSct(sct: Buffer): SignedCertificateTimestamp {
  const extensionsEnd = 43 + sct.readUInt16BE(41)
  const signature = sct.subarray(extensionsEnd + 4)
  if (sct.readUInt16BE(extensionsEnd + 2) !== signature.length)
    throw new RangeError('a timestamp is not as long as it says')
  return {
    logIdHex: sct.toString('hex', 1, 33),
    at: new Date(Number(sct.readBigUInt64BE(33))),
    atBytes: sct.subarray(33, 41),
    extensions: sct.subarray(41, extensionsEnd),
    hashAlgorithm: sct.readUInt8(extensionsEnd),
    signatureAlgorithm: sct.readUInt8(extensionsEnd + 1),
    signature,
  }
}
