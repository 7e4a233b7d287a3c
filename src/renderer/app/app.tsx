import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Router } from 'wouter'
import type { EngineLink } from '../connection/engine-link.ts'
import { EngineProvider } from '../connection/engine-context.tsx'
import { returnFocus } from '../ui/primitives/focus.ts'
import { createWindowTheme, cssVariables } from '../ui/theme.ts'
import { Frame } from './frame.tsx'
import { usePagePath } from './page-path.ts'

/** Root component. Hash routes let one build work from a file, a custom protocol and a web host. */
export function App({ link }: { link: EngineLink }) {
  const { t } = useTranslation('ui')
  const theme = useMemo(() => createWindowTheme(t('close'), returnFocus), [t])
  // The static start screen lies behind the rendered app.
  useEffect(() => document.querySelector('.starting')?.remove(), [])
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      {/* Below dialogs (z-index 200), so that a notification never covers an open dialog. */}
      <Notifications position="bottom-right" containerWidth={380} zIndex={190} />
      <EngineProvider link={link}>
        <Router hook={usePagePath}>
          <Frame />
        </Router>
      </EngineProvider>
    </MantineProvider>
  )
}
