import { attributeNames } from '../asn1/object-identifiers.ts'
import type { DistinguishedName, NameAttribute } from '../x509/distinguished-name.ts'

/** A name in RFC 4514 form: most specific first, `CN=shop.test,O=Shop`. */
export function rfc4514(name: DistinguishedName): string {
  return name.rdns.toReversed().map(rdnText).join(',')
}

/** One RelativeDistinguishedName, `CN=a+OU=b`. */
export function rdnText(attributes: NameAttribute[]): string {
  return attributes.map(({ oid, text }) => `${attributeNames.get(oid) ?? oid}=${escapeValue(text)}`).join('+')
}

/** RFC 4514, section 2.4. A value that is no text becomes `#` and its DER. */
function escapeValue(text: string): string {
  if (/^#[0-9a-f]+$/.test(text) || /^[\w. *@/:-]*\w$/.test(text)) return text
  return text
    .replace(/[\\,+"<>;]/g, '\\$&')
    .replace(/^[ #]| $/g, '\\$&')
    .replace(/[\p{Cc}\p{Cf}]/gu, (character) => Buffer.from(character).toString('hex').replace(/../g, '\\$&'))
}

export function commonName(name: DistinguishedName): string | undefined {
  return name.rdns.flat().findLast(({ oid }) => oid === '2.5.4.3')?.text
}
