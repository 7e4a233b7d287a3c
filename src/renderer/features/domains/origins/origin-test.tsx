import { formatDuration } from '../../../../domain/duration-text.ts'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Origin } from '../../../../contract/domains/origins.ts'
import type { DevServerKind } from '../../../../contract/shared/dev-servers.ts'
import { DevServerRemedy } from '../findings/dev-server-remedy.tsx'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import { useCall, type Call } from '../../../ui/feedback/feedback.tsx'

interface Seen {
  ok: boolean
  seen: string
  tookMs: number
  refusedBy?: DevServerKind
}

export interface OriginTest {
  call: Call
  seen: Seen | null
  /** Requests the origin as the edge would for `domain`. */
  run(domain: string, origin: Origin): Promise<Seen | undefined>
  /** Drops a result that belongs to the previous origin. */
  forget(): void
}

export function useOriginTest(): OriginTest {
  const call = useCall()
  const [seen, setSeen] = useState<Seen | null>(null)
  const run = async (domain: string, origin: Origin) => {
    const answer = await call.run((client) => client.domains.testOrigin({ domain, origin }))
    setSeen(answer ?? null)
    return answer
  }
  return { call, seen, run, forget: () => setSeen(null) }
}

/** `act` is shown where a Host header would cure a refusal by a development server. */
export function OriginTestAnswer(props: { test: OriginTest; domain: string; act?: ReactNode }) {
  const { test, domain, act } = props
  const { call, seen } = test
  const { t } = useTranslation('domains')
  return (
    <div role="status" aria-live="polite">
      {call.busy ? <span className="dim">{t('origin.testing')}</span> : null}
      {seen && !call.busy ? (
        <VerdictRow
          verdict={seen.ok ? 'yes' : 'no'}
          label={
            <>
              {t(seen.ok ? 'origin.answers' : 'origin.answersNot')}{' '}
              <span className="dim">{formatDuration(seen.tookMs)}</span>
            </>
          }
          reason={seen.seen}
        >
          {seen.refusedBy ? <DevServerRemedy kind={seen.refusedBy} host={domain} act={act} /> : null}
        </VerdictRow>
      ) : null}
    </div>
  )
}
