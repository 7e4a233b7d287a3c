import type { PublishedCertificate } from '../../contract/targets/targets.ts'
import { askRenewalWindows, isAskedNow, type WindowQuestion } from '../acme/client/renewal-info.ts'
import { certificateSourceOf } from './certificate-source.ts'
import type { PublishNeeds } from './needs.ts'
import { changeServers, requireTarget } from './stored-targets.ts'

/**
 * Polls the renewal windows of a target's ordered certificates, at the intervals of their authorities. `askedAt` has the
 * time until which one is not asked about again, by its identifier. Failures are logged and retried.
 */
export async function askWindows(
  parts: PublishNeeds,
  name: string,
  { askedAt, signal }: { askedAt: Map<string, string>; signal: AbortSignal },
): Promise<void> {
  const now = parts.clock()
  const certificates = requireTarget(parts, name).servers.flatMap((server) => server.certificates)
  const questions = certificates.flatMap(({ ariId: id, domain, window }): WindowQuestion[] => {
    const source = certificateSourceOf(parts, domain)
    if (id === null || source.by !== 'acme' || !isAskedNow(askedAt, id, { window, now })) return []
    return [
      {
        id,
        account: source.account,
        found: (found) => noteWindow(parts, name, { id, window: found }),
        failed: (error) => parts.log.warn({ err: error, domain }, 'Renewal window request failed'),
      },
    ]
  })
  await askRenewalWindows(parts, questions, signal)
}

function noteWindow(
  parts: PublishNeeds,
  name: string,
  { id, window }: { id: string; window: PublishedCertificate['window'] },
): void {
  changeServers(parts, name, (server) => ({
    ...server,
    certificates: server.certificates.map((each) => (each.ariId === id ? { ...each, window } : each)),
  }))
}
