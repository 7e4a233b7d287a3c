import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { AcmeParameters } from '../../../contract/issuing/renewal.ts'
import { authorizationDigest, type ChallengeTask, txtRecord } from './challenges.ts'
import type { ChallengeAnswerer, Presenting } from './order.ts'
import { createChallengeCertificate } from '../../../pki/issue/challenge-certificate.ts'
import type { AcmeClientNeeds } from './needs.ts'
import { byPersistentRecord } from './persistent-record.ts'
import type { DnsMethodRow } from '../../vault/vault.ts'
import { changeTxt } from './dns-methods.ts'
import { waitForRecord } from './propagation.ts'

/**
 * Answers challenges by the edge or in the DNS.
 * @throws `acme.no_edge`, `acme.dns_not_found`
 */
export function answererOf(
  parts: AcmeClientNeeds,
  { challenge, dnsMethod }: AcmeParameters,
): ChallengeAnswerer {
  if (challenge === 'dns-01') return byDns(parts, dnsMethod ?? '')
  if (challenge === 'dns-persist-01') return byPersistentRecord(parts)
  if (!parts.supervisor) throw new EdgekeepError('acme.no_edge', { challenge })
  return byEdge(parts)
}

function byEdge(parts: AcmeClientNeeds): ChallengeAnswerer {
  const { challenges, clock } = parts
  return {
    async present(task) {
      challenges.add(
        task.type === 'tls-alpn-01' ? { ...task, certificate: await certificateFor(task, clock()) } : task,
      )
      await parts.supervisor?.apply()
    },
    async withdraw(task) {
      challenges.remove(task)
      await parts.supervisor?.apply()
    },
  }
}

function certificateFor({ name, keyAuthorization }: ChallengeTask, at: Date) {
  return createChallengeCertificate({ name, digest: authorizationDigest(keyAuthorization), at })
}

/** dns-01: sets the record by a DNS method and waits until the zone's name servers have it. */
function byDns(parts: AcmeClientNeeds, reference: string): ChallengeAnswerer {
  const method = parts.vault.dnsMethods.find(reference)
  return {
    async present(task, at) {
      await changeTxt(parts, method, task, 'present')
      if (method.waitSeconds > 0) await propagated(parts, method, task, at)
    },
    // A failed cleanup is only logged: the order is complete, or has failed for another reason.
    withdraw: (task) =>
      changeTxt(parts, method, task, 'cleanup').catch((error: unknown) => {
        parts.log.warn({ err: error, method: method.name }, 'TXT record of a challenge not removed')
      }),
  }
}

async function propagated(
  { nameServers, log }: AcmeClientNeeds,
  { waitSeconds }: DnsMethodRow,
  task: ChallengeTask,
  { signal, onState }: Presenting,
): Promise<void> {
  const { name } = task
  onState({ state: 'propagating', name })
  const onRound = (servers: Parameters<Parameters<typeof waitForRecord>[1]['onRound']>[0]) =>
    onState({ state: 'propagating', name, servers })
  const record = txtRecord(task)
  const came = await waitForRecord(record, { nameServers, waitSeconds, signal, onRound })
  if (came === 'unknown')
    log.info({ record: record.name }, 'Name servers of the zone unreachable, answering the challenge')
}
