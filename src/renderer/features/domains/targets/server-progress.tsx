import { Button, Progress as Bar } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Target } from '../../../../contract/targets/targets.ts'
import type { PublishProgress } from '../../../../client/follow-publication.ts'
import { useCall } from '../../../ui/feedback/feedback.tsx'
import { VerdictIcon } from '../../../ui/feedback/verdict.tsx'

/** Last event of each server. */
export type Progress = ReadonlyMap<string, PublishProgress>

/** Step that each server is at, with its parts where it has any. */
export function ServerProgress({ target, progress }: { target: Target; progress: Progress }) {
  const { t } = useTranslation('targets')
  return (
    <section aria-label={t('publish.progress')}>
      <h3 className="heading">{t('publish.progress')}</h3>
      <ul className="plain-list">
        {target.servers.map(({ address }) => (
          <ServerStep key={address} address={address} event={progress.get(address)} />
        ))}
      </ul>
    </section>
  )
}

function ServerStep({ address, event }: { address: string; event: ReturnType<Progress['get']> }) {
  const { t } = useTranslation('targets')
  const hasFailed = event?.type === 'step' && !event.step.ok
  const parts = event?.type === 'running' && event.total > 0 ? event : null
  return (
    <li>
      <div className="row-top gap-8">
        <VerdictIcon verdict={hasFailed ? 'no' : event?.type === 'step' ? 'yes' : 'unknown'} size={16} />
        <div className="wrap grow">{`${address}: ${label()}`}</div>
      </div>
      {parts ? (
        <Bar value={(100 * parts.done) / parts.total} size="xs" aria-label={`${address}: ${label()}`} />
      ) : null}
    </li>
  )

  function label(): string {
    if (!event) return t('publish.waiting')
    if (event.type === 'step') return t(`step.${event.step.step}`)
    const step = t(`step.${event.step}`)
    return event.total > 0 ? t('publish.runningParts', { ...event, step }) : t('publish.running', { step })
  }
}

/** Cancels the running publication; its servers are rolled back. */
export function CancelPublication({ target }: { target: Target }) {
  const { t } = useTranslation('targets')
  const call = useCall()
  const [isCancelling, setCancelling] = useState(false)
  const cancel = () => {
    setCancelling(true)
    void call.run((client) => client.targets.cancel({ target: target.name }))
  }
  return (
    <Button variant="default" loading={isCancelling} onClick={cancel}>
      {t('publish.cancel')}
    </Button>
  )
}
