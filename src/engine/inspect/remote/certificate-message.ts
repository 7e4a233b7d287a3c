/** Content type of TLS records (RFC 5246, section 6.2.1). */
const handshakeRecord = 22
const certificateMessage = 11

/**
 * Returns the DER certificates of the Certificate message (RFC 5246, section 7.4.2) of a TLS 1.2 handshake,
 * in the order sent. Undefined if the message is missing, incomplete or malformed.
 */
export function readCertificateMessage(received: Uint8Array): Uint8Array[] | undefined {
  const messages = handshakeBytes(Buffer.from(received))
  for (let at = 0; at + 4 <= messages.length;) {
    const end = at + 4 + messages.readUIntBE(at + 1, 3)
    if (messages[at] === certificateMessage)
      return end <= messages.length ? certificatesIn(messages.subarray(at + 4, end)) : undefined
    at = end
  }
  return undefined
}

/** Content of the handshake records up to the first record of another kind, after which all is encrypted. */
function handshakeBytes(received: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at + 5 <= received.length;) {
    const end = at + 5 + received.readUInt16BE(at + 3)
    if (received[at] !== handshakeRecord || end > received.length) break
    parts.push(received.subarray(at + 5, end))
    at = end
  }
  return Buffer.concat(parts)
}

function certificatesIn(body: Buffer): Uint8Array[] | undefined {
  if (body.length < 3 || body.readUIntBE(0, 3) !== body.length - 3) return undefined
  const certificates: Uint8Array[] = []
  for (let at = 3; at < body.length;) {
    if (at + 3 > body.length) return undefined
    const end = at + 3 + body.readUIntBE(at, 3)
    if (end > body.length) return undefined
    certificates.push(Uint8Array.from(body.subarray(at + 3, end)))
    at = end
  }
  return certificates
}
