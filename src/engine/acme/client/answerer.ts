import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { AcmeParameters } from '../../../contract/issuing/renewal.ts'
import { authorizationDigest, type ChallengeTask } from './challenges.ts'
import type { ChallengeAnswerer } from './order.ts'
import { createChallengeCertificate } from '../../../pki/issue/challenge-certificate.ts'
import type { AcmeClientNeeds } from './needs.ts'
import { byDns } from './answer-by-dns.ts'
import { byPersistentRecord } from './persistent-record.ts'

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
