import { containerKind, pemMark } from './container-kind.ts'

/** File of an archive or message. An empty name: the archive has only this one. */
export interface Entry {
  name: string
  bytes: Uint8Array<ArrayBuffer>
}

const certificateName = /\.(?:pem|crt|cer|cert|der|key|p7[bcs]|pfx|p12|jks|jceks|csr|req|crl)$/i
const keystoreMarks = [0xfeedfeed, 0xcececece]

/** False for entries that are read by nobody: a README, a picture, a script beside the certificates. */
export function mayHoldCertificate({ name, bytes }: Entry): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const mark = view.length >= 4 ? view.readUInt32BE(0) : 0
  return (
    certificateName.test(name) ||
    view[0] === 0x30 ||
    keystoreMarks.includes(mark) ||
    view.includes(pemMark) ||
    containerKind(bytes) !== undefined
  )
}
