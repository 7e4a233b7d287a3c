import { suffixKind } from '../../contract/text/public-suffix.ts'
import type { Breach } from './breach.ts'
import { called, type Place } from './certificate-rules.ts'
import { shown } from '../asn1/strings.ts'
import { extensionIn } from '../x509/extensions.ts'
import { textsOf } from '../x509/general-names.ts'
import { commonNameOid } from '../x509/distinguished-name.ts'
import type { Certificate } from '../x509/certificate.ts'
import { bytesEqual } from '../asn1/der.ts'

type Fault = [predicate: string, section: string] | undefined

/**
 * The CA/Browser Forum's baseline requirements for certificates, beyond path validation and the issuing
 * profile. Clients accept many certificates that break them.
 */
export function webBreach(place: Place): Breach | undefined {
  const found = keySizeFault(place.certificate) ?? (place.role === 'leaf' ? leafFault : rootFault)(place)
  if (!found) return undefined
  const [predicate, section] = found
  const reference = `CA/Browser Forum baseline requirements, section ${section}`
  return { code: 'issuing_rule', message: `${called(place)} ${predicate}.`, index: place.index, reference }
}

function keySizeFault({ publicKey }: Certificate): Fault {
  const bits = publicKey?.asymmetricKeyDetails?.modulusLength ?? 0
  return bits % 8 === 0
    ? undefined
    : [`has an RSA key of ${bits} bits, which is not a multiple of 8`, '6.1.5']
}

function leafFault({ certificate }: Place): Fault {
  const stray = strayCommonName(certificate)
  if (stray !== undefined)
    return [`has the common name “${shown(stray)}”, which is not one of its alternative names`, '7.1.4.3']
  const purposes = extensionIn(certificate.extensions, 'extendedKeyUsage')
  if (!purposes) return ['does not say what it is used for', '7.1.2.7.6']
  if (purposes.critical) return ['says what it is used for in a critical extension', '7.1.2.7.6']
  const wide = textsOf(certificate.decoded.subjectAltName).dns.find(
    (name) => suffixKind(name.replace(/^\*\./, '')) === 'registry',
  )
  return wide?.startsWith('*.')
    ? [`has the wildcard “${shown(wide)}”, which covers a whole registry`, '3.2.2.6']
    : undefined
}

/** The root may identify only its own key as issuer. */
function rootFault({ certificate, role }: Place): Fault {
  const { authorityKeyIdentifier: named, subjectKeyIdentifier: own } = certificate.decoded
  if (role !== 'anchor' || !named) return undefined
  if (named.issuer || named.serial)
    return ['names its issuer’s certificate by name or serial number', '7.1.2.1.3']
  const same = named.keyIdentifier && own && bytesEqual(named.keyIdentifier, own)
  return same ? undefined : ['names another key than its own as its issuer’s', '7.1.2.1.3']
}

/** A common name has to be a character-for-character copy of a DNS name, or an address in its canonical form. */
function strayCommonName(certificate: Certificate): string | undefined {
  const { dns, ip } = textsOf(certificate.decoded.subjectAltName)
  const stray = certificate.subject.rdns
    .flat()
    .find(({ oid, text }) => oid === commonNameOid && ![...dns, ...ip].includes(text))
  return stray?.text
}
