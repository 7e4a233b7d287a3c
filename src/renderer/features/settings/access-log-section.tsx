import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import type { AccessLogState } from '../../../contract/traffic/traffic.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ChangeSwitch } from '../../ui/primitives/change-controls.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { Command } from '../../ui/primitives/note.tsx'

export function AccessLogSection({ status }: { status: EngineStatus }) {
  const { t } = useTranslation(['settings', 'ui'])
  const { state, busy, error, set } = useAccessLog(status)
  return (
    <Section title={t('accessLog.title')} description={t('accessLog.text')}>
      <ChangeSwitch
        label={t('accessLog.keep')}
        description={t(state?.enabled ? 'accessLog.on' : 'accessLog.off')}
        checked={state?.enabled ?? false}
        disabled={state === null || busy}
        onChange={set}
      />
      {state ? <Command value={state.file} label={t('ui:proof.codeFile')} /> : null}
      <p className="dim flush below-8">{t('accessLog.rotated')}</p>
      {error ? <ErrorPanel error={error} /> : null}
    </Section>
  )
}

/** State of the access log, reloaded on each change that `status` reports. */
function useAccessLog(status: EngineStatus) {
  const client = useClient()
  const asking = useCall()
  const changing = useCall()
  const [state, setState] = useState<AccessLogState | null>(null)
  const ask = asking.run
  useEffect(() => {
    let current = true
    void ask(() => client.traffic.accessLog()).then((answer) => {
      if (current && answer) setState(answer)
    })
    return () => {
      current = false
    }
  }, [client, ask, status])
  const set = (enabled: boolean) =>
    void changing
      .run(() => client.traffic.setAccessLog({ enabled }))
      .then((answer) => answer && setState(answer))
  return { state, busy: changing.busy, error: changing.error ?? asking.error, set }
}
