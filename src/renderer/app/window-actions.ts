import '../connection/desktop-bridge.ts'
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconHelp, IconMoon } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useEngineStatus } from '../connection/engine-context.tsx'
import type { Action } from '../ui/actions/action.ts'
import { useOffer } from '../ui/actions/offers.ts'
import { lockVault, useLock } from '../ui/feedback/vault-lock.tsx'
import { notifyDone } from '../ui/feedback/feedback.tsx'

export const switchTheme: Action = {
  id: 'window.theme',
  label: 'app:palette.theme',
  about: 'settings:appearance.title',
  icon: IconMoon,
  isOfWindow: true,
}

export const showGuide: Action = {
  id: 'window.guide',
  label: 'app:palette.guide',
  about: 'app:guide',
  icon: IconHelp,
}

export function useWindowActions(): void {
  const scheme = useComputedColorScheme('light')
  const { setColorScheme } = useMantineColorScheme()
  const { call, lock } = useLock()
  const locked = useEngineStatus((state) => state.value?.protection.locked ?? true)
  useEffect(() => {
    if (call.error) notifyDone(call.error.message)
  }, [call.error])
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
