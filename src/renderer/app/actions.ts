import '../connection/desktop-bridge.ts'
import * as activity from '../features/activity/actions.ts'
import * as certificates from '../features/certificates/actions.ts'
import * as domains from '../features/domains/actions.ts'
import * as inspector from '../features/inspector/actions.ts'
import * as issuing from '../features/issuing/actions.ts'
import * as settings from '../features/settings/actions.ts'
import * as traffic from '../features/traffic/actions.ts'
import * as trust from '../features/trust/actions.ts'
import * as usage from '../features/usage/actions.ts'
import { actionsAbout, type Action } from '../ui/actions/action.ts'
import { lockVault, useLock } from '../ui/feedback/vault-lock.tsx'
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconHelp, IconMoon } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineStatus } from '../connection/engine-context.tsx'
import { useOffer } from '../ui/actions/offers.ts'
import { notifyFailed } from '../ui/feedback/feedback.tsx'

export const switchTheme = actionsAbout('settings:appearance.title')(
  'window.theme',
  'app:palette.theme',
  IconMoon,
  { isOfWindow: true },
)

export const showGuide = actionsAbout('app:guide')('window.guide', 'app:palette.guide', IconHelp)

export const globalActions: readonly Action[] = [lockVault, showGuide, switchTheme]

/** All actions of the window: those of each page's `actions.ts`, and the global ones. */
export const actions: readonly Action[] = [
  ...[domains, certificates, trust, issuing, inspector, traffic, usage, activity, settings].flatMap((page) =>
    Object.values<Action>(page),
  ),
  ...globalActions,
]

export function useWindowActions(): void {
  const { t } = useTranslation('vault')
  const scheme = useComputedColorScheme('light')
  const { setColorScheme } = useMantineColorScheme()
  const { call, lock } = useLock()
  const locked = useEngineStatus((state) => state.value?.protection.locked ?? true)
  useEffect(() => {
    if (call.error) notifyFailed(t('notLocked'), call.error)
  }, [call.error, t])
  useOffer(lockVault, { act: lock, disabled: locked })
  useOffer(showGuide, { act: openGuide })
  useOffer(switchTheme, { act: () => setColorScheme(scheme === 'dark' ? 'light' : 'dark') })
}

/** Opens the guide of this version in a window of the desktop app or in a new tab. */
function openGuide(): void {
  const desktop = window.edgekeepDesktop
  if (desktop) desktop.showGuide()
  else window.open('guide/index.html', '_blank', 'noopener')
}
