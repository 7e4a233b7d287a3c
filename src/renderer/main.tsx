import './without-eval.ts'
import '@fontsource-variable/inter/wght.css'
import '@mantine/core/styles.css'
import '@mantine/dropzone/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './ui/primitives/global.css'
import './ui/primitives/styles.css'
import { startTransition, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { startMessages } from './messages/i18n.ts'
import { pageIsReady } from './app/page-is-ready.ts'
import { openFirstPage } from './app/page-path.ts'
import { connectFrames } from './connection/connect-frames.ts'
import { createEngineLink } from './connection/engine-link.ts'

await pageIsReady()
const root = document.getElementById('root')
if (!root) throw new Error('The page has no element to draw in.')
await startMessages()
openFirstPage()
const link = createEngineLink(connectFrames)
const app = (
  <StrictMode>
    <App link={link} />
  </StrictMode>
)
// In many short tasks; an urgent first render would be one of a tenth of a second.
startTransition(() => createRoot(root).render(app))
