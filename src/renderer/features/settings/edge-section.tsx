import { useTranslation } from 'react-i18next'
import { waitingForStart } from '../../../contract/engine/edge-settings.ts'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { useEngineAnswers } from '../../connection/engine-context.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import { EdgeForm } from './edge-form.tsx'

export function EdgeSection({ status }: { status: EngineStatus }) {
  const { t } = useTranslation('settings')
  const { edge, edgeStart, protection } = status
  const answers = useEngineAnswers()
  return (
    <Section title={t('edge.title')} description={t('edge.text')}>
      <Listener name="HTTPS" listener={edge.https} />
      <Listener name="HTTP" listener={edge.http} />
      {edge.problem ? <VerdictRow verdict="no" label={edge.problem.message} /> : null}
      {waitingForStart(edgeStart).length > 0 ? (
        <VerdictRow verdict="caution" label={t('edge.waiting')} />
      ) : null}
      <EdgeForm start={edgeStart} isLocked={protection.locked || !answers} />
    </Section>
  )
}

function Listener({ name, listener }: { name: string; listener: EngineStatus['edge']['https'] }) {
  const { t } = useTranslation('settings')
  const answers = useEngineAnswers()
  if (!listener) return <VerdictRow verdict="no" label={t('edge.notListening', { name })} />
  const { port, wantedPort, takenBy, addresses } = listener
  if (!answers)
    return (
      <VerdictRow verdict="unknown" label={t('edge.listens', { name, port })} reason={t('edge.lastKnown')} />
    )
  const moved =
    port === wantedPort
      ? null
      : takenBy
        ? t('edge.movedBy', { wanted: wantedPort, owner: takenBy })
        : t('edge.moved', { wanted: wantedPort })
  return (
    <VerdictRow
      verdict={moved ? 'caution' : 'yes'}
      label={t('edge.listens', { name, port })}
      reason={
        <>
          {addresses.join(', ')}
          {moved ? <div>{moved}</div> : null}
        </>
      }
    />
  )
}
