import type { Answer } from '../../contract/inspect/certificate-facts.ts'
import { coversDomain } from '../x509/host-names.ts'
import { shown } from '../asn1/strings.ts'
import { textsOf } from '../x509/general-names.ts'
import type { Certificate } from '../x509/certificate.ts'

/** Whether the certificate covers the requested host and every e-mail address; null without any. */
export function nameAnswer(leaf: Certificate, host: string | undefined, emails: string[]): Answer | null {
  const names = textsOf(leaf.decoded.subjectAltName)
  const answers = emails.map((email) => coversEmail(names.email, email))
  if (host !== undefined) answers.unshift(coversDomain(names, host))
  return answers.find((answer) => !answer.ok) ?? answers[0] ?? null
}

/** RFC 5280, section 7.5: the host is case-insensitive, the local part is not. */
function coversEmail(addresses: string[], email: string): Answer {
  const comparable = (address: string): string => address.replace(/@[^@]*$/, (host) => host.toLowerCase())
  if (addresses.some((address) => comparable(address) === comparable(email)))
    return { ok: true, code: 'ok', reason: `It covers ${email}.` }
  const covered =
    addresses.length > 0 ? `it names ${shown(addresses.join(', '))}` : 'it names no e-mail address'
  return { ok: false, code: 'name_mismatch', reason: `It does not cover ${email}; ${covered}.` }
}
