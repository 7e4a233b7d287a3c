import { createHash, type KeyObject } from 'node:crypto'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { canonicalIp } from '../../../domain/ip-address.ts'
import { DerError } from '../../../pki/asn1/der.ts'
import { chainFromPem } from '../../../pki/facts/certificate.ts'
import { toPem } from '../../../pki/formats/convert.ts'
import { ipText } from '../../../pki/x509/general-names.ts'
import { strictCertificateOf, type Certificate } from '../../../pki/x509/certificate.ts'
import { isSignedBy } from '../../../pki/x509/signatures.ts'

export interface ReceivedChain {
  /** Leaf first, without root. */
  chainPem: string
  chain: Certificate[]
}

export interface OrderedCertificate {
  host: string
  publicKey: KeyObject
  names: string[]
  at: Date
  /** Part of the topmost issuer's name; null for the authority's default chain. */
  preferredIssuer: string | null
}

const mostCertificates = 10

/**
 * Chooses a valid chain: its leaf has the key, exactly the requested names, and is valid now.
 * @throws `acme.certificate_unusable`
 */
export function chooseChain(chainPems: string[], wanted: OrderedCertificate): ReceivedChain {
  const chains = chainPems.map((pem) => judged(pem, wanted))
  const preferred = chains.find(({ chain }) => isFrom(chain, wanted.preferredIssuer))
  const [first] = chains
  if (!first) throw unusable(wanted, 'it did not come')
  return preferred ?? first
}

function isFrom(chain: Certificate[], words: string | null): boolean {
  const top = chain.at(-1)
  if (words === null || !top) return false
  const attributes = top.issuer.rdns.flat()
  return attributes.some(({ text }) => text.toLowerCase().includes(words.toLowerCase()))
}

function judged(pem: string, wanted: OrderedCertificate): ReceivedChain {
  const chain = parsed(pem, wanted)
  const [leaf] = chain
  if (!leaf) throw unusable(wanted, 'there is no certificate in it')
  if (leaf.fault !== undefined) throw unusable(wanted, leaf.fault)
  if (!isKeyOf(leaf, wanted.publicKey))
    throw unusable(wanted, 'it is for another key than the one that was asked for')
  requireNames(leaf, wanted)
  const now = wanted.at.getTime()
  if (leaf.notAfter <= now)
    throw unusable(wanted, `it is not valid after ${new Date(leaf.notAfter).toISOString()}`)
  chain.forEach((certificate, index) => {
    const issuer = chain[index + 1]
    if (issuer && !(certificate.issuer.key === issuer.subject.key && isSignedBy(certificate, issuer)))
      throw unusable(wanted, 'its chain does not fit together')
  })
  const served = chain.filter((one, index) => index === 0 || !one.isSelfIssued)
  return { chain: served, chainPem: served.map(({ der }) => toPem(der)).join('') }
}

function parsed(pem: string, wanted: OrderedCertificate): Certificate[] {
  try {
    const ders = chainFromPem(pem)
    if (ders.length > mostCertificates) throw unusable(wanted, 'its chain is too long')
    return ders.map(strictCertificateOf)
  } catch (error) {
    if (error instanceof DerError) throw unusable(wanted, `it cannot be read (${error.message})`)
    if (error instanceof EdgekeepError && error.code === 'certificate.malformed')
      throw unusable(wanted, 'it is not PEM of certificates alone')
    throw error
  }
}

function isKeyOf({ spki }: Certificate, key: KeyObject): boolean {
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  return digest(spki) === digest(key.export({ type: 'spki', format: 'der' }))
}

function requireNames({ decoded }: Certificate, wanted: OrderedCertificate): void {
  const found = (decoded.subjectAltName ?? []).map((name) => {
    if (name.kind === 'dns') return name.text.toLowerCase()
    return name.kind === 'ip' ? ipText(name.octets) : `a name of the kind ${name.kind}`
  })
  const asked = new Set(wanted.names.map((name) => canonicalIp(name) ?? name))
  const lost = [...asked].filter((name) => !found.includes(name))
  const others = found.filter((name) => !asked.has(name))
  if (lost.length > 0) throw unusable(wanted, `it lacks ${lost.join(', ')}`)
  if (others.length > 0)
    throw unusable(wanted, `it has names that were not asked for: ${others.slice(0, 5).join(', ')}`)
}

function unusable({ host }: OrderedCertificate, reason: string): EdgekeepError {
  return new EdgekeepError('acme.certificate_unusable', { host, reason })
}
