import { EdgekeepError } from '../../../contract/errors.ts'
import type { ChallengeAnswerer } from '../../issuing/acme-client/order.ts'
import { isRecordFor, readRecord } from '../../issuing/persistent-record.ts'
import type { EngineParts } from '../core/parts.ts'

/**
 * dns-persist-01: nothing is set; the record that a person has set is looked at before the authority is asked to,
 * since a challenge that fails counts there. Throws acme.persistent_record_missing, with the record.
 */
export function byPersistentRecord({ lookupTxt, clock }: EngineParts): ChallengeAnswerer {
  return {
    async present({ record: wanted }) {
      if (!wanted) throw new TypeError('dns-persist-01 has a record')
      const { record, issuer, accountUri, wildcard } = wanted
      const seen = await lookupTxt(record.name).catch((error: unknown) => {
        const { code = 'no answer' } = error as NodeJS.ErrnoException
        throw missing(record, [], code, error)
      })
      const asked = { issuers: [issuer], accountUris: [accountUri], wildcard, now: clock() }
      const isThere = seen.some((text) => {
        const read = readRecord(text)
        return read !== undefined && isRecordFor(read, asked)
      })
      if (!isThere) throw missing(record, seen, null)
    },
    withdraw: () => Promise.resolve(),
  }
}

function missing(
  { name, value }: { name: string; value: string },
  seen: string[],
  reason: string | null,
  cause?: unknown,
): EdgekeepError {
  return new EdgekeepError('acme.persistent_record_missing', { name, value, seen, reason }, { cause })
}
