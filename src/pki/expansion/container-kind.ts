import { SecretBytes } from '../../domain/secret-bytes.ts'
import { isPage } from '../formats/page-text.ts'

type ContainerKind = 'zip' | 'gzip' | 'tar' | 'mail' | 'page'

const tarMark = Buffer.from('ustar')
const tarMarkAt = 257
/** Local header, and the end of an archive without entries. */
const zipMarks = ['PK\u0003\u0004', 'PK\u0005\u0006']
export const pemMark = Buffer.from('-----BEGIN ')
const headerBytes = 64 * 1024
/** RFC 5322: fields of which a message has at least one, and a MIME part with content. */
const mailFields = [
  'received',
  'return-path',
  'delivered-to',
  'message-id',
  'mime-version',
  'from',
  'date',
  'subject',
]
const contentFields = ['content-type', 'content-transfer-encoding', 'mime-version']
const longestName = 76

/** Kind of an archive or message by its first octets; undefined for other files. */
export function containerKind(bytes: Uint8Array): ContainerKind | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (zipMarks.includes(view.subarray(0, 4).toString('latin1'))) return 'zip'
  if (view[0] === 0x1f && view[1] === 0x8b) return 'gzip'
  if (view.subarray(tarMarkAt, tarMarkAt + tarMark.length).equals(tarMark)) return 'tar'
  if (isMail(view)) return 'mail'
  return isPage(view) && view.includes(pemMark) ? 'page' : undefined
}

/** Compares octets: a file that begins like a mail may hold a key, which must not become a string. */
function isMail(view: Buffer): boolean {
  const colon = view.subarray(0, longestName + 1).indexOf(':')
  if (colon <= 0 || !view.subarray(0, colon).every((octet) => octet > 0x20 && octet < 0x7f)) return false
  const start = view.subarray(0, headerBytes)
  const ends = ['\r\n\r\n', '\n\n'].map((end) => start.indexOf(end)).filter((at) => at >= 0)
  if (ends.length === 0) return false
  using header = new SecretBytes(Buffer.alloc(Math.min(...ends) + 1, '\n'))
  start.copy(header.bytes, 1)
  lowerCase(header.bytes)
  const hasOne = (fields: string[]) => fields.some((field) => header.bytes.includes(`\n${field}:`))
  return hasOne(mailFields) && hasOne(contentFields)
}

function lowerCase(ascii: Buffer): void {
  for (const [at, octet] of ascii.entries()) if (octet >= 0x41 && octet <= 0x5a) ascii[at] = octet + 0x20
}
