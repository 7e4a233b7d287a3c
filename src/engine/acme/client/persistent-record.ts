import type { PersistentRecordState } from '../../../contract/acme/acme.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type PersistentTask, recordAhead } from './persistent-challenge.ts'
import type { ChallengeAnswerer } from './order.ts'
import { isRecordFor, readRecord } from './persistent-record-text.ts'
import { thumbprint } from '../jose/jwk.ts'
import { normaliseDomain } from '../../../pki/x509/host-names.ts'
import type { AcmeClientNeeds } from './needs.ts'
import { openAccountSession } from './sessions.ts'

/**
 * dns-persist-01: sets nothing, but checks the user's record before the authority does, since a failed
 * challenge counts against its limits.
 * @throws `acme.persistent_record_missing`, with the record
 */
export function byPersistentRecord(parts: AcmeClientNeeds): ChallengeAnswerer {
  return {
    async present({ record: task }) {
      if (!task) throw new TypeError('dns-persist-01 has a record')
      const { isThere, seen, reason } = await lookedUp(parts, task)
      const { name, value } = task.record
      if (!isThere) throw new EdgekeepError('acme.persistent_record_missing', { name, value, seen, reason })
    },
    withdraw: () => Promise.resolve(),
  }
}

/**
 * Records that a user sets for an account before any order, with their presence in the DNS.
 * @throws the errors of the directory, `acme.persistent_unavailable`, `acme.account_not_found`,
 *   `domain.invalid` and `vault.locked`
 */
export async function persistentRecords(
  parts: AcmeClientNeeds,
  { account: reference, names }: { account: string; names: string[] },
): Promise<PersistentRecordState[]> {
  const { vault } = parts
  vault.requireUnlocked()
  const account = vault.acmeAccounts.find(reference)
  const normal = names.map(normaliseDomain)
  const domains = [...new Set(normal.map((name) => name.replace(/^\*\./, '')))]
  using session = await openAccountSession(parts, account)
  const thumbprints = [thumbprint(session.signer.jwk), ...vault.acmeAccounts.formerThumbprints(account.id)]
  const { accountUrl } = account
  const tasks = domains.map((domain) => {
    const wildcard = normal.includes(`*.${domain}`)
    const task = recordAhead(session, { domain, wildcard }, { accountUrl, thumbprints })
    if (!task) throw new EdgekeepError('acme.persistent_unavailable', { host: session.host })
    return task
  })
  // Looked up without the session, which is closed by then.
  return Promise.all(
    tasks.map(async (task) => ({ domain: task.domain, ...task.record, ...(await lookedUp(parts, task)) })),
  )
}

async function lookedUp(
  { lookupTxt, clock }: AcmeClientNeeds,
  { record, issuers, accountUris, wildcard }: PersistentTask,
): Promise<{ isThere: boolean; seen: string[]; reason: string | null }> {
  const asked = { issuers, accountUris, wildcard, now: clock() }
  try {
    const seen = await lookupTxt(record.name)
    const isThere = seen.some((text) => {
      const read = readRecord(text)
      return read !== undefined && isRecordFor(read, asked)
    })
    return { isThere, seen, reason: null }
  } catch (error) {
    const { code = 'no answer' } = error as NodeJS.ErrnoException
    return { isThere: false, seen: [], reason: code }
  }
}
