import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import { inside, readObjectIdentifier, readOne, tags } from '../asn1/der.ts'
import { shown } from '../asn1/strings.ts'
import { readAlgorithm } from '../x509/algorithms.ts'
import { isOpenSshCertificate } from './openssh.ts'
import { isPage, pageTitle } from './page-text.ts'

interface Recognised {
  what: string
  advice: string
}

/** Enough of a page for its title. */
const pageBytes = 16 * 1024

const convertKey = 'Convert it to PEM: "openssl rsa -inform PVK -in FILE", or -inform MSBLOB.'
const saveAlone = 'Save the certificate in it as a file of its own, and add that.'
const marks: { starts: string; what: string; advice?: string }[] = [
  { starts: '%PDF-', what: 'a PDF document' },
  { starts: '\u0089PNG', what: 'a picture (PNG)' },
  { starts: '\u00ff\u00d8\u00ff', what: 'a picture (JPEG)' },
  { starts: 'Rar!', what: 'a RAR archive' },
  { starts: '7z\u00bc\u00af', what: 'a 7-Zip archive' },
  { starts: '\u00b0\u00b5\u00f1\u001e', what: 'a private key in the PVK format', advice: convertKey },
  { starts: '\u0007\u0002\u0000\u0000', what: 'a private key as a Microsoft key blob', advice: convertKey },
  { starts: '\u0006\u0002\u0000\u0000', what: 'a public key as a Microsoft key blob', advice: convertKey },
  { starts: '\u00d0\u00cf\u0011\u00e0', what: 'a file of Microsoft Office or Outlook (.doc, .msg)' },
]

/** Error for a file of a known kind that no server can use, or undefined. */
export function otherContent(bytes: Buffer, place: Place): EdgekeepError | undefined {
  const found = recognised(bytes)
  return found && new EdgekeepError('input.other_content', { place, ...found })
}

function recognised(bytes: Buffer): Recognised | undefined {
  const start = bytes.subarray(0, pageBytes)
  if (start.every((byte) => byte <= 0x20 || byte === 0xff))
    return bytes.length <= pageBytes ? empty : undefined
  if (isPage(bytes)) return page(bytes.subarray(0, pageBytes).toString('utf8'))
  if (isOpenSshCertificate(bytes)) return sshCertificateContent
  const kind = kinds.find(({ marks: all }) => all.every((each) => start.includes(each)))
  if (kind) return kind
  const der = derContent(bytes)
  if (der) return der
  // No more: it may be a damaged key, which must not become a string.
  const mark = marks.find(({ starts }) => bytes.subarray(0, starts.length).toString('latin1') === starts)
  return mark && { what: mark.what, advice: mark.advice ?? saveAlone }
}

const description = {
  what: 'a description of a certificate as text, without the certificate itself',
  advice:
    'Save the certificate itself: with -rfc in keytool, without -noout in openssl, by Export in a browser.',
}

/** Kinds by what their start holds, compared as octets. */
const kinds: (Recognised & { marks: (string | Buffer)[] })[] = [
  {
    marks: ['---- BEGIN SSH2'],
    what: 'a public key for SSH (RFC 4716), which servers of TLS cannot use',
    advice: 'Add the certificate and the key that was made with its request.',
  },
  { marks: ['Certificate fingerprints:', 'Owner:'], ...description },
  { marks: ['Signature Algorithm:', 'Subject Public Key Info:'], ...description },
  { marks: ['Common Name (CN)', 'Fingerprint'], ...description },
  { marks: ['Issued To', 'Issued By'], ...description },
  {
    marks: ['"log"', '"entries"', '"creator"'],
    what: 'a recording of a browser (HAR), which holds no certificates',
    advice: 'Ask the server instead: "edgekeep inspect --remote HOST".',
  },
]

const envelopes = new Set(['1.2.840.113549.1.7.3', '1.2.840.113549.1.7.6', '1.2.840.113549.1.9.16.1.23'])

/** Encrypted CMS (RFC 5652, section 6) and requests for time stamps (RFC 3161, section 2.4.1). */
function derContent(bytes: Buffer): Recognised | undefined {
  try {
    const fields = inside(readOne(bytes, tags.sequence))
    const first = fields.next()
    if (first.tag === tags.objectIdentifier && envelopes.has(readObjectIdentifier(first)))
      return {
        what: 'an encrypted message (CMS, S/MIME)',
        advice: 'Decrypt it first: "openssl cms -decrypt -in FILE -inkey KEY".',
      }
    if (first.tag !== tags.integer) return undefined
    const imprint = inside(fields.next(tags.sequence))
    readAlgorithm(imprint.next(tags.sequence))
    imprint.next(tags.octetString)
    return { what: 'a request for a time stamp (TSQ)', advice: 'Servers of TLS have no use for it.' }
  } catch {
    return undefined
  }
}

const empty: Recognised = {
  what: 'empty',
  advice: 'Save or download it again: nothing was written to it.',
}

const sshCertificateContent: Recognised = {
  what: 'an SSH certificate, which servers of TLS cannot use',
  advice: 'See what it holds with "ssh-keygen -L -f FILE".',
}

function page(html: string): Recognised {
  const title = pageTitle(html)
  return {
    what: `a web page${title ? ` (${shown(title)})` : ''}, not a certificate`,
    advice:
      'The download failed or needs a login: open its address in a browser, and save the certificate there.',
  }
}
