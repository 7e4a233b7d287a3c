import { Select, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine-status.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { Section } from '../../ui/page-layout.tsx'
import { ErrorPanel } from '../../ui/states.tsx'
import { useCall } from '../../ui/use-call.ts'
import classes from './settings.module.css'

const choices = ['ask', 'keep', 'quit'] as const
type Choice = (typeof choices)[number]

/** What the desktop app does when its window is closed and when the person logs in; not for a browser's window. */
export function DesktopSection({ desktop, protection }: Pick<EngineStatus, 'desktop' | 'protection'>) {
  const { t } = useTranslation('settings')
  const client = useClient()
  const call = useCall()
  if (!window.edgekeepDesktop) return null
  const close = (choice: Choice) =>
    void call.run(() => client.desktop.setPreferences({ onClose: choice === 'ask' ? null : choice }))
  return (
    <Section title={t('desktop.title')} description={t('desktop.text')}>
      <div className={classes.choices}>
        <Select
          label={t('desktop.onClose')}
          description={t('desktop.onCloseText')}
          w={300}
          allowDeselect={false}
          disabled={protection.locked}
          data={choices.map((value) => ({ value, label: t(`desktop.close.${value}`) }))}
          value={desktop.onClose ?? 'ask'}
          onChange={(value) => close(choices.find((choice) => choice === value) ?? 'ask')}
        />
        <Switch
          label={t('desktop.login')}
          description={t('desktop.loginText')}
          checked={desktop.startAtLogin}
          disabled={protection.locked}
          onChange={(event) =>
            void call.run(() => client.desktop.setPreferences({ startAtLogin: event.currentTarget.checked }))
          }
        />
      </div>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </Section>
  )
}
