import { create } from 'zustand'
import { asEdgekeepError, type Client } from '../../../../client/client.ts'
import type { CheckReport, Domain } from '../../../../contract/domains/domains.ts'
import type { EdgekeepError } from '../../../../contract/errors/registry.ts'
import { verificationState, type VerificationState } from '../../../../domain/verification-state.ts'
import { useEngineAnswers } from '../../../connection/engine-context.tsx'
import { useNow } from '../../../ui/primitives/window-clock.ts'

interface CheckRun {
  busy: boolean
  report: CheckReport | null
  error: EdgekeepError | null
}

interface Checks {
  /** Verification runs of this window by domain, kept while other pages are open. */
  runs: ReadonlyMap<string, CheckRun>
  run(client: Pick<Client, 'domains'>, domain: string): Promise<void>
}

export const idle: CheckRun = { busy: false, report: null, error: null }

export const useChecks = create<Checks>((set, get) => {
  const put = (domain: string, patch: Partial<CheckRun>) =>
    set(({ runs }) => ({ runs: new Map(runs).set(domain, { ...(runs.get(domain) ?? idle), ...patch }) }))
  return {
    runs: new Map(),
    async run(client, domain) {
      if (get().runs.get(domain)?.busy) return
      put(domain, { busy: true, error: null })
      try {
        put(domain, { busy: false, report: await client.domains.check({ domain }) })
      } catch (error) {
        put(domain, { busy: false, report: null, error: asEdgekeepError(error) })
      }
    },
  }
})

/** State of the last verification; a success is `unknown` while the engine does not answer. */
export function useVerification(domain: Domain): VerificationState | 'unknown' {
  const answers = useEngineAnswers()
  const state = verificationState(domain, useNow())
  return !answers && state === 'works' ? 'unknown' : state
}
