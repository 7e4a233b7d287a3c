import PostalMime, { type Attachment } from 'postal-mime'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { formatSize } from '../../contract/text/format-size.ts'
import type { InputFile } from '../formats/read-file.ts'
import type { Allowance } from './allowance.ts'
import { type Entry, mayHoldCertificate } from './entry.ts'
import { limits } from '../limits.ts'
import { pageText } from '../formats/page-text.ts'

/** Messages in messages are attachments, so that the bounds here apply to each. */
const mailOptions = { maxNestingDepth: 20, maxHeadersSize: 256 * 1024, forceRfc822Attachments: true }
const lineFeed = 0x0a

/** Attachments of a message (RFC 5322, MIME), and the PEM blocks of its text or its page. */
export async function mailEntries({ name, bytes }: InputFile, allowance: Allowance): Promise<Entry[]> {
  refuseLong(name, bytes, allowance)
  const mail = await parsed(name, bytes)
  allowance.countEntries(name, mail.attachments.length + 2)
  const texts = [
    { name: 'text', bytes: encoded(mail.text ?? '') },
    {
      name: 'page',
      bytes: encoded(mail.html === undefined ? '' : pageText(mail.html.slice(0, limits.fileBytes))),
    },
  ]
  // A message has the same text twice, as text and as a page.
  const text = texts.find(mayHoldCertificate)
  const entries = [...mail.attachments.map(attachmentEntry), ...(text ? [text] : [])]
  const size = entries.reduce((sum, entry) => sum + entry.bytes.length, 0)
  allowance.spend(name, { bytes: size, compressed: bytes.length })
  return entries.filter(mayHoldCertificate)
}

/** The parser runs on the engine's thread, and each line costs it time and memory. */
function refuseLong(name: string, bytes: Uint8Array, allowance: Allowance): void {
  if (bytes.length > limits.fileBytes)
    throw allowance.error(name, `it is larger than ${formatSize(limits.fileBytes)}`)
  let lines = 0
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) lines += 1
  allowance.countMailLines(name, lines)
}

async function parsed(name: string, bytes: Uint8Array) {
  try {
    return await PostalMime.parse(new Uint8Array(bytes), mailOptions)
  } catch (error) {
    const data = { place: { file: name }, what: 'message', reason: 'it is damaged, or too deeply nested' }
    throw new EdgekeepError('input.archive_malformed', data, { cause: error })
  }
}

function attachmentEntry({ filename, content }: Attachment, index: number): Entry {
  const bytes = typeof content === 'string' ? encoded(content) : new Uint8Array(content)
  return { name: filename || `attachment ${index + 1}`, bytes }
}

const encoded = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
