import type { PublishedCertificate } from '../../contract/targets/targets.ts'
import { isReached } from '../../domain/reached-time.ts'
import { askRenewalWindows, type WindowQuestion } from '../acme/client/renewal-info.ts'
import { certificateSourceOf } from './certificate-source.ts'
import type { PublishNeeds } from './needs.ts'
import { changeServers, requireTarget } from './stored-targets.ts'

/** Pause after an answer without a window. */
const askAgainMs = 6 * 3_600_000
/** Longest poll interval (RFC 9773, section 4.3). */
const longestWaitMs = 24 * 3_600_000

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
    if (id === null || source.by !== 'acme') return []
    if (!isReached(window?.askAgainAt ?? askedAt.get(id) ?? null, now, longestWaitMs)) return []
    askedAt.set(id, new Date(now.getTime() + askAgainMs).toISOString())
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

/**
 * Postpones the first poll for certificates that a renewal has made. An authority whose windows lie in the past would
 * have a certificate a minute ordered.
 */
export function postponeWindows(parts: PublishNeeds, name: string, askedAt: Map<string, string>): void {
  const until = new Date(parts.clock().getTime() + askAgainMs).toISOString()
  for (const { certificates } of requireTarget(parts, name).servers)
    for (const { ariId } of certificates) if (ariId !== null && !askedAt.has(ariId)) askedAt.set(ariId, until)
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
