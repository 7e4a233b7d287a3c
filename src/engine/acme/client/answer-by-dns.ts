import { type ChallengeTask, txtRecord } from './challenges.ts'
import type { ChallengeAnswerer, Presenting } from './order.ts'
import type { DnsMethodRow } from '../../vault/vault.ts'
import type { AcmeClientNeeds } from './needs.ts'
import { changeTxt } from './dns-methods.ts'
import { waitForRecord } from './propagation.ts'

/** dns-01: sets the record by a DNS method and waits until the zone's name servers have it. */
export function byDns(parts: AcmeClientNeeds, reference: string): ChallengeAnswerer {
  const method = parts.vault.dnsMethods.find(reference)
  return {
    async present(task, at) {
      await changeTxt(parts, method, task, 'present')
      if (method.waitSeconds > 0) await propagated(parts, method, task, at)
    },
    // A failed cleanup is only logged: the order is complete, or has failed for another reason.
    withdraw: (task) =>
      changeTxt(parts, method, task, 'cleanup').catch((error: unknown) => {
        parts.log.warn(
          { err: error, method: method.name },
          'A TXT record of a challenge could not be removed',
        )
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
    log.info({ record: record.name }, 'No name server of the zone could be asked; the challenge is answered')
}
