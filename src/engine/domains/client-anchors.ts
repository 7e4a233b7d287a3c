import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { TlsPolicy } from '../../contract/domains/tls-policy.ts'
import { readCertificate } from '../../pki/facts/certificate.ts'
import { toPem } from '../../pki/formats/convert.ts'
import { openIntake } from '../../pki/intake/intake.ts'

/**
 * Returns the policy with its anchors as clean PEM, one certificate each; drops everything else in the files,
 * above all keys.
 * @throws `policy.anchors_missing`, `policy.anchor_unusable`
 */
export function withCleanAnchors(policy: TlsPolicy): TlsPolicy {
  const clientAnchors = [...new Set(policy.clientAnchors.flatMap(anchorsIn))]
  if (policy.clientCertificates !== 'off' && clientAnchors.length === 0)
    throw new EdgekeepError('policy.anchors_missing', {})
  return { ...policy, clientAnchors }
}

function anchorsIn(text: string): string[] {
  using intake = openIntake([{ name: 'anchors', bytes: Buffer.from(text) }])
  const found = [...intake.certificates().values()]
  if (found.length === 0) throw new EdgekeepError('policy.anchor_unusable', { reason: 'there is none in it' })
  return found.map(cleanAnchor)
}

function cleanAnchor(der: Uint8Array): string {
  const { facts } = readCertificate(der)
  const refuse = (reason: string) =>
    new EdgekeepError('policy.anchor_unusable', { name: facts.title, reason })
  if (!facts.isCa) throw refuse('it is not a certificate authority, so no certificate can chain to it')
  if (facts.keyUsage.length > 0 && !facts.keyUsage.includes(certificateSigning))
    throw refuse('its key may not sign certificates')
  return toPem(der)
}

const certificateSigning = 'certificate signing'
