import { useTranslation } from 'react-i18next'
import { waitingForStart, type EdgeSettings, type EdgeStart } from '../../../contract/engine/edge-settings.ts'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { movedListenerMessage, movedListeners } from '../../../domain/moved-listener.ts'
import { useEngineAnswers } from '../../connection/engine-context.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import { NumberInput, Switch } from '@mantine/core'
import { DraftFooter } from '../../ui/forms/draft-footer.tsx'
import { fieldDraftOf, createUnsavedEdit } from '../../ui/forms/draft.ts'
import { notifyDone, useCall } from '../../ui/feedback/feedback.tsx'
import classes from './settings.module.css'
import { SubmitForm } from '../../ui/forms/dialog.tsx'

export function EdgeSection({ status }: { status: EngineStatus }) {
  const { t } = useTranslation('settings')
  const { edge, edgeStart, protection } = status
  const answers = useEngineAnswers()
  return (
    <Section title={t('edge.title')} description={t('edge.text')}>
      <Listener protocol="https" edge={edge} />
      <Listener protocol="http" edge={edge} />
      {edge.problem ? <VerdictRow verdict="no" label={edge.problem.message} /> : null}
      {waitingForStart(edgeStart).length > 0 ? (
        <VerdictRow verdict="caution" label={t('edge.waiting')} />
      ) : null}
      <EdgeForm start={edgeStart} isLocked={protection.locked || !answers} />
    </Section>
  )
}

function Listener({ protocol, edge }: { protocol: 'https' | 'http'; edge: EngineStatus['edge'] }) {
  const { t } = useTranslation('settings')
  const answers = useEngineAnswers()
  const listener = edge[protocol]
  const name = protocol.toUpperCase()
  if (!listener) return <VerdictRow verdict="no" label={t('edge.notListening', { name })} />
  const { port, addresses } = listener
  if (!answers)
    return (
      <VerdictRow verdict="unknown" label={t('edge.listens', { name, port })} reason={t('edge.lastKnown')} />
    )
  const moved = movedListeners(edge).find((each) => each.protocol === protocol)
  return (
    <VerdictRow
      verdict={moved ? 'caution' : 'yes'}
      label={t('edge.listens', { name, port })}
      reason={
        <>
          {addresses.join(', ')}
          {moved ? <div>{movedListenerMessage(moved)}</div> : null}
        </>
      }
    />
  )
}

const firstMetricsPort = 9464
const limits = { httpsPort: 65535, httpPort: 65535, metricsPort: 65535, workers: 64 }

export const useUnsavedEdge = createUnsavedEdit<Partial<EdgeSettings>>()

/** Start settings of the edge. Unedited fields show the stored values. */
function EdgeForm({ start, isLocked }: { start: EdgeStart; isLocked: boolean }) {
  const { t } = useTranslation(['settings', 'ui'])
  const call = useCall()
  const stored = useUnsavedEdge((state) => state.edit)
  const put = useUnsavedEdge((state) => state.put)
  const { draft, shown, change } = fieldDraftOf<EdgeSettings>({ stored, current: start.kept, put })
  const save = async () => {
    const { value: settings, base: read } = draft
    const saved = await call.run((client) => client.engine.setEdge({ settings, read }))
    if (!saved) return
    draft.saved(settings, saved)
    notifyDone(t('edge.saved'))
  }
  const discard = () => {
    draft.discard()
    call.clear()
  }
  const number = (name: keyof EdgeSettings) => (
    <NumberInput
      label={t(`edge.${name}`)}
      description={<DuringThisRun name={name} start={start} />}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      min={1}
      max={limits[name]}
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="strict"
      hideControls={name !== 'workers'}
      disabled={isLocked}
      value={shown[name] ?? ''}
      onChange={(value) => change({ [name]: Number(value) || start.kept[name] })}
    />
  )
  return (
    <SubmitForm className="stack gap-14 below-14" onSubmit={save}>
      <div className={classes.edgeFields}>
        {number('httpsPort')}
        {number('httpPort')}
        {shown.workers === 'auto' ? null : number('workers')}
      </div>
      <Switch
        label={t('edge.workersAuto')}
        description={t('edge.workersAutoText')}
        checked={shown.workers === 'auto'}
        disabled={isLocked}
        onChange={(event) => change({ workers: event.currentTarget.checked ? 'auto' : 1 })}
      />
      <div className={classes.edgeFields}>
        <Switch
          className={classes.edgeSwitch}
          label={t('edge.metrics')}
          description={t('edge.metricsText')}
          checked={shown.metricsPort !== null}
          disabled={isLocked}
          onChange={(event) => change({ metricsPort: event.currentTarget.checked ? firstMetricsPort : null })}
        />
        {shown.metricsPort === null ? null : number('metricsPort')}
      </div>
      {draft.changed ? <DraftFooter draft={{ ...draft, discard }} call={call} save={t('ui:save')} /> : null}
    </SubmitForm>
  )
}

/** Value in effect until the next start, if it differs from the stored one, with the reason. */
function DuringThisRun({
  name,
  start: { kept, started, given },
}: {
  name: keyof EdgeSettings
  start: EdgeStart
}) {
  const { t } = useTranslation('settings')
  if (started === null || started[name] === kept[name]) return null
  const value = started[name] ?? t('edge.off')
  return t(given.includes(name) ? 'edge.forThisRun' : 'edge.untilRestart', { value })
}
