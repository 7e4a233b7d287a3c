import type { ServingCertificate, Snapshot } from '../edge/snapshot.ts'
import type { EngineParts } from './parts.ts'

/**
 * What the worker serves, as the vault has it now. The leaf keys in it are copies that the
 * supervisor zeroes once they are sent. A key that does not open takes its domain off HTTPS and
 * is logged: one damaged row must not keep the others from being served. While the vault is locked
 * none opens, and `withoutKeys` says whose.
 */
export function buildSnapshot(parts: EngineParts): Snapshot {
  const { vault, supervisor, withoutKeys } = parts
  withoutKeys.domains = []
  const certificates: Record<string, ServingCertificate> = {}
  const routes = vault.domains.list().map((row) => {
    const wanted = row.httpsState === 'on' ? row.certificateId : null
    if (wanted && vault.protection.locked) withoutKeys.domains.push(row.name)
    if (wanted && !certificates[wanted]) {
      const serving = openCertificate(parts, wanted)
      if (serving) certificates[wanted] = serving
    }
    const certificateId = wanted && certificates[wanted] ? wanted : null
    const { name, redirect, origin, policies } = row
    return { domain: name, certificateId, redirect, origin, policies }
  })
  const status = supervisor?.status()
  const authority = vault.authority.get()
  return {
    version: vault.configurationVersion(),
    routes,
    certificates,
    publicPorts: { https: status?.https?.port ?? 443, http: status?.http?.port ?? 80 },
    extraOriginAnchors: authority ? [authority.certificatePem] : [],
  }
}

function openCertificate({ vault, log }: EngineParts, id: string): ServingCertificate | undefined {
  const row = vault.certificates.get(id)
  if (!row || vault.protection.locked) return undefined
  try {
    return { chainPem: row.chainPem, leafKeyPem: vault.keys.withKey(id, (key) => Buffer.from(key)) }
  } catch (error) {
    log.error(
      { err: error, certificate: row.name },
      'A key does not open; its domains are not served over HTTPS',
    )
    return undefined
  }
}
