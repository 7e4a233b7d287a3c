import {
  IconDownload,
  IconEye,
  IconFileText,
  IconPlayerPause,
  IconRefresh,
  IconSearch,
  IconTerminal2,
  IconTrash,
} from '@tabler/icons-react'
import { actionsAbout } from '../../ui/actions/action.ts'

const onPage = actionsAbout('app:sections.traffic', { page: '/traffic' })
const inPage = actionsAbout('app:sections.traffic')

export const pauseTraffic = onPage('traffic.pause', 'traffic:pause.pause', IconPlayerPause, {
  key: ' ',
  isOfWindow: true,
})
export const searchTraffic = onPage('traffic.search', 'traffic:search.label', IconSearch, {
  key: '/',
  isOfWindow: true,
})
export const revealSecrets = onPage('traffic.reveal', 'traffic:reveal.show', IconEye)
export const saveHar = onPage('traffic.har', 'traffic:har.button', IconDownload)
export const keepAccessLog = onPage('traffic.access-log', 'traffic:accessLog.start', IconFileText)
export const clearTraffic = onPage('traffic.clear', 'traffic:clear.button', IconTrash)
export const copyCurl = inPage('traffic.curl', 'traffic:curl.button', IconTerminal2)
export const replayExchange = inPage('traffic.replay', 'traffic:replay.button', IconRefresh)
