import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import { shown } from '../asn1/strings.ts'
import { isOpenSshCertificate } from './openssh.ts'
import { isPage, pageTitle } from './page-text.ts'

interface Recognised {
  what: string
  advice: string
}

/** Enough of a page for its title. */
const pageBytes = 16 * 1024

const marks: { starts: string; what: string }[] = [
  { starts: '%PDF-', what: 'a PDF document' },
  { starts: '\u0089PNG', what: 'a picture (PNG)' },
  { starts: '\u00ff\u00d8\u00ff', what: 'a picture (JPEG)' },
  { starts: 'Rar!', what: 'a RAR archive' },
  { starts: '7z\u00bc\u00af', what: 'a 7-Zip archive' },
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
  // No more: it may be a damaged key, which must not become a string.
  const mark = marks.find(({ starts }) => bytes.subarray(0, starts.length).toString('latin1') === starts)
  return mark && { what: mark.what, advice: 'Save the certificate in it as a file of its own, and add that.' }
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
