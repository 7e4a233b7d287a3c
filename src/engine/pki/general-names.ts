import { AsnConvert } from '@peculiar/asn1-schema'
import { type GeneralName, Name, type RelativeDistinguishedName } from '@peculiar/asn1-x509'
import { attributeNames } from './object-identifiers.ts'

/** `DNS shop.test`, `IP 127.0.0.1`, `e-mail a@shop.test`. */
export function generalNameInWords(name: GeneralName): string {
  if (name.dNSName !== undefined) return `DNS ${name.dNSName}`
  if (name.iPAddress !== undefined) return `IP ${name.iPAddress}`
  if (name.rfc822Name !== undefined) return `e-mail ${name.rfc822Name}`
  if (name.uniformResourceIdentifier !== undefined) return `URI ${name.uniformResourceIdentifier}`
  if (name.directoryName !== undefined) return `directory name ${nameInWords(name.directoryName)}`
  if (name.otherName !== undefined) return `other name ${name.otherName.typeId}`
  if (name.registeredID !== undefined) return `registered ID ${name.registeredID}`
  if (name.ediPartyName !== undefined) return `EDI party ${String(name.ediPartyName.partyName)}`
  return 'X.400 address'
}

/** A name from the ASN.1 library as RFC 4514 writes it. */
export function nameInWords(name: Name): string {
  return Array.from(name).reverse().map(rdnInWords).join(',')
}

/** A name in DER as RFC 4514 writes it; throws on what is not a name. */
export function nameOfDer(der: ArrayBuffer): string {
  return nameInWords(AsnConvert.parse(der, Name))
}

export function rdnInWords(rdn: RelativeDistinguishedName): string {
  return Array.from(rdn)
    .map(({ type, value }) => `${attributeNames[type] ?? type}=${escapeValue(attributeText(value))}`)
    .join('+')
}

function attributeText(value: { anyValue?: ArrayBuffer; toString(): string }): string {
  return value.anyValue ? `#${Buffer.from(value.anyValue).toString('hex')}` : value.toString()
}

/** RFC 4514, section 2.4. */
function escapeValue(value: string): string {
  return value
    .replace(/[\\,+"<>;]/g, '\\$&')
    .replace(/^[ #](?!\d)|^ | $/g, '\\$&')
    .replace(/[\u0000-\u001f\u007f]/g, (c) => `\\${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
