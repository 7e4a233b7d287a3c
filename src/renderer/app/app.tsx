import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import type { EngineLink } from '../connection/engine-link.ts'
import { EngineProvider } from '../connection/engine-context.tsx'
import { createWindowTheme, cssVariables } from '../ui/theme.ts'
import { Frame } from './frame.tsx'

/** The window. Locations live in the hash, so that one build works from a file, a protocol of its own, and the web host. */
export function App({ link }: { link: EngineLink }) {
  const { t } = useTranslation('ui')
  const theme = useMemo(() => createWindowTheme(t('close')), [t])
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      {/* Below dialogs (200), so that what is done never covers what is being done. */}
      <Notifications position="bottom-right" containerWidth={380} zIndex={190} />
      <EngineProvider link={link}>
        <Router hook={useHashLocation}>
          <Frame />
        </Router>
      </EngineProvider>
    </MantineProvider>
  )
}
