import type { EngineView } from './engine-view.ts'

/** What the tray shows, by shape: serving, nothing on HTTPS, all of it paused, without keys, or in trouble. */
export type EdgeState = 'serving' | 'idle' | 'paused' | 'locked' | 'trouble'

/** The state that matters most; the same order as in the window: what is broken comes first. */
export function edgeStateOf({ status, domains }: EngineView): EdgeState {
  if (!status || status.edge.state === 'failed' || status.edge.state === 'restarting') return 'trouble'
  if (status.protection.locked) return 'locked'
  if (status.edge.problem) return 'trouble'
  if (domains.some(({ https }) => https.state === 'on')) return 'serving'
  return domains.some(({ https }) => https.state === 'paused') ? 'paused' : 'idle'
}

/** One line for the tray's menu and its tooltip. */
export function edgeStateInWords(view: EngineView): string {
  const { status, domains } = view
  if (!status) return 'The engine does not answer'
  const onHttps = domains.filter(({ https }) => https.state === 'on').length
  const state = edgeStateOf(view)
  if (state === 'trouble') return status.edge.problem?.message ?? 'The edge is being started again'
  if (state === 'locked')
    return status.edge.problem
      ? 'The vault is locked and HTTPS has stopped'
      : 'The vault is locked; HTTPS goes on'
  if (state === 'paused') return 'HTTPS is paused for every domain'
  if (state === 'idle') return 'No domain is on HTTPS'
  return onHttps === 1 ? '1 domain on HTTPS' : `${onHttps} domains on HTTPS`
}
