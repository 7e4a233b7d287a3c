import { rfc5280, type Breach } from './breach.ts'
import { called, type Place } from './certificate-rules.ts'
import { extensionIn, keyUsageBits } from '../x509/extensions.ts'
import type { Purpose } from './question.ts'

/**
 * Rules for issuers of TLS certificates (RFC 5280, section 4, and the CA/Browser Forum's baseline
 * requirements), beyond path validation. They apply under all anchors that are not `lenient`.
 */
export function profileBreach(place: Place, purpose: Purpose): Breach | undefined {
  const found = faultIn(place, purpose)
  if (!found) return undefined
  const [predicate, reference] = found
  return { code: 'issuing_rule', message: `${called(place)} ${predicate}.`, index: place.index, reference }
}

type Fault = [predicate: string, reference: string] | undefined

function faultIn(place: Place, purpose: Purpose): Fault {
  if (purpose === 'any') return undefined
  const own = place.role === 'leaf' ? faultInLeaf(place, purpose) : faultInAuthority(place)
  return own ?? faultInAny(place)
}

function faultInAny({ certificate, trusted }: Place): Fault {
  const { serial, issuer, extensions, decoded } = certificate
  if (issuer.isEmpty) return ['names no issuer', rfc5280('4.1.2.4')]
  if (!trusted && (serial.length > 20 || (serial[0] ?? 0) >= 0x80 || serial.every((octet) => octet === 0)))
    return ['has a serial number that is not positive or longer than 20 octets', rfc5280('4.1.2.2')]
  const hasKeyIdentifier = decoded.authorityKeyIdentifier?.keyIdentifier !== undefined
  const needsIt = !trusted || decoded.authorityKeyIdentifier !== undefined
  if (needsIt && !hasKeyIdentifier) return ["lacks its issuer's key identifier", rfc5280('4.2.1.1')]
  const policyConstraints = extensionIn(extensions, 'policyConstraints')
  if (policyConstraints && !policyConstraints.critical)
    return ['has policy constraints that are not critical', rfc5280('4.2.1.11')]
  if (!trusted && certificate.version !== 3)
    return [`is of version ${certificate.version}; only version 3 can name hosts`, rfc5280('4.1.2.1')]
  return undefined
}

function faultInLeaf({ certificate, trusted }: Place, purpose: Purpose): Fault {
  const { decoded, extensions, subject } = certificate
  const alternative = extensionIn(extensions, 'subjectAltName')
  // A trusted self-signed certificate is exempt: `openssl req -x509` marks such certificates as CA.
  if (decoded.basicConstraints?.isCa && !trusted)
    return [
      'is an authority, which may not serve by itself',
      'CA/Browser Forum baseline requirements, section 7.1.2.7.8',
    ]
  if (decoded.keyUsage?.has(keyUsageBits.keyCertSign) && !decoded.basicConstraints?.isCa)
    return ['may sign certificates without being an authority', rfc5280('4.2.1.9')]
  if (decoded.nameConstraints)
    return ['has name constraints, which only an authority may have', rfc5280('4.2.1.10')]
  if (!alternative)
    return purpose === 'server' ? ['has no subject alternative name', rfc5280('4.2.1.6')] : undefined
  if (subject.isEmpty && !alternative.critical)
    return ['has no subject, and alternative names that are not critical', rfc5280('4.2.1.6')]
  if (!subject.isEmpty && alternative.critical)
    return [
      'has a subject, and alternative names that are critical',
      'CA/Browser Forum baseline requirements, section 7.1.2.7.12',
    ]
  return undefined
}

function faultInAuthority({ certificate }: Place): Fault {
  const { decoded, extensions, subject } = certificate
  if (subject.isEmpty) return ['has no subject', rfc5280('4.1.2.6')]
  if (certificate.version < 3) return undefined
  if (!decoded.subjectKeyIdentifier) return ['lacks a key identifier', rfc5280('4.2.1.2')]
  if (!extensionIn(extensions, 'basicConstraints')?.critical)
    return ['has basic constraints that are not critical', rfc5280('4.2.1.9')]
  const { permitted = [], excluded = [] } = decoded.nameConstraints ?? {}
  const dotted = [...permitted, ...excluded].some((base) => base.kind === 'dns' && base.text.startsWith('.'))
  return dotted ? ['has a name constraint with a leading dot', rfc5280('4.2.1.10')] : undefined
}
