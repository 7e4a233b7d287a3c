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
import type { Action } from '../../ui/actions/action.ts'

export const pauseTraffic: Action = {
  id: 'traffic.pause',
  label: 'traffic:pause.pause',
  about: 'app:sections.traffic',
  icon: IconPlayerPause,
  isOfWindow: true,
  page: '/traffic',
  key: ' ',
}

export const searchTraffic: Action = {
  id: 'traffic.search',
  label: 'traffic:search.label',
  about: 'app:sections.traffic',
  icon: IconSearch,
  isOfWindow: true,
  page: '/traffic',
  key: '/',
}

export const revealSecrets: Action = {
  id: 'traffic.reveal',
  label: 'traffic:reveal.show',
  about: 'app:sections.traffic',
  icon: IconEye,
  page: '/traffic',
}

export const saveHar: Action = {
  id: 'traffic.har',
  label: 'traffic:har.button',
  about: 'app:sections.traffic',
  icon: IconDownload,
  page: '/traffic',
}

export const keepAccessLog: Action = {
  id: 'traffic.access-log',
  label: 'traffic:accessLog.start',
  about: 'app:sections.traffic',
  icon: IconFileText,
  page: '/traffic',
}

export const clearTraffic: Action = {
  id: 'traffic.clear',
  label: 'traffic:clear.button',
  about: 'app:sections.traffic',
  icon: IconTrash,
  page: '/traffic',
}

export const copyCurl: Action = {
  id: 'traffic.curl',
  label: 'traffic:curl.button',
  about: 'app:sections.traffic',
  icon: IconTerminal2,
}

export const replayExchange: Action = {
  id: 'traffic.replay',
  label: 'traffic:replay.button',
  about: 'app:sections.traffic',
  icon: IconRefresh,
}
