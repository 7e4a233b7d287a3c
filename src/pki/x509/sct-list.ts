import { readOne, tags } from '../asn1/der.ts'

/** A signed certificate timestamp of a transparency log (RFC 6962, section 3.2). */
export interface SignedCertificateTimestamp {
  logIdHex: string
  at: Date
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
    if (sct.length !== length || length < 43) throw new RangeError('a timestamp is not as long as it says')
    scts.push({ logIdHex: sct.toString('hex', 1, 33), at: new Date(Number(sct.readBigUInt64BE(33))) })
    at += 2 + length
  }
  return scts
}
