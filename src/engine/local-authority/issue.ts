import type { CertificateSummary } from '../../contract/domains/domains.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { IssueForDeviceInput, IssueInput } from '../../contract/issuing/issuing.ts'
import { materialOf, signLocally } from './local-authority.ts'
import { toPkcs12 } from '../../pki/formats/pkcs12-write.ts'
import { pkcs8Pem } from '../../pki/issue/authority-certificates.ts'
import { newLeafKey } from '../../pki/issue/leaf-keys.ts'
import { readLeafNames, readsAsHost } from '../../pki/issue/leaf-names.ts'
import { certificateFact, findCertificate, storeCertificate } from '../certificates/certificates.ts'
import { commit } from '../core/commit.ts'
import { gcAtEnd } from '../core/schedule-gc.ts'
import type { IssuingNeeds } from './needs.ts'

const hourMs = 3_600_000

/**
 * Issues a certificate of the local authority for a new key that stays in the vault.
 * @throws EdgekeepError `issue.no_server_name`, `issue.name_invalid`, `domain.invalid`,
 *   `authority.name_outside`, `authority.clients_outside`
 */
export async function issueCertificate(parts: IssuingNeeds, wanted: IssueInput): Promise<CertificateSummary> {
  const names = readLeafNames(wanted.names)
  if (names.dns.length + names.ip.length === 0) throw new EdgekeepError('issue.no_server_name', {})
  const { publicKey, privateKey } = await newLeafKey(wanted.key)
  const { usage, lifeHours } = wanted
  const leaf = { names, usage, publicKey, lifeMs: lifeHours * hourMs }
  const chainPem = await signLocally(parts, leaf, { source: 'vault' })
  using _gc = gcAtEnd()
  using keyPem = pkcs8Pem(privateKey)
  const material = materialOf(chainPem, keyPem)
  const { done } = await commit(parts, () => {
    const row = storeCertificate(parts, material, { kind: 'free', kept: true, name: wanted.name })
    const after = { ...certificateFact(row), usage, names: wanted.names }
    return { record: { action: 'certificate.issue', subject: row.id, before: null, after }, id: row.id }
  })
  return findCertificate(parts, done.id)
}

/**
 * TLS client certificate for another device, with the only key that is exported: once, encrypted, never one
 * that the edge serves (decision 20).
 * @throws EdgekeepError `issue.name_invalid`, `domain.invalid`, `authority.name_outside`,
 *   `authority.clients_outside`
 */
export async function issueForDevice(parts: IssuingNeeds, wanted: IssueForDeviceInput): Promise<File> {
  const { holder: commonName, lifeHours, passphrase } = wanted
  const names = readLeafNames([...wanted.names, ...(readsAsHost(commonName) ? [commonName] : [])])
  const { publicKey, privateKey } = await newLeafKey(wanted.key)
  const leaf = { names, commonName, usage: 'client' as const, publicKey, lifeMs: lifeHours * hourMs }
  const chainPem = await signLocally(parts, leaf, { source: 'device' })
  using _gc = gcAtEnd()
  using keyPem = pkcs8Pem(privateKey)
  const { chainDer: chain, leaf: issued } = materialOf(chainPem, keyPem)
  const archive = await toPkcs12({ chain, keyPem: keyPem.bytes, passphrase })
  const { fingerprintSha256, serialHex } = issued
  const after = { name: commonName, fingerprintSha256, names: wanted.names, keyLeft: true }
  await commit(parts, () => ({ record: { action: 'issue.device', subject: serialHex, before: null, after } }))
  const stem = commonName.replaceAll(/[^\w.-]+/g, '-').replace(/^[-.]+/, '') || 'client'
  return new File([new Uint8Array(archive)], `${stem}.p12`, { type: 'application/x-pkcs12' })
}
