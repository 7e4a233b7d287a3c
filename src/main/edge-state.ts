import { count } from '../contract/text/count.ts'
import type { Domain } from '../contract/domains/domains.ts'
import { originHealth } from '../domain/origin-health.ts'
import { isValidNow } from '../domain/validity.ts'
import type { EngineView } from './engine-view.ts'

/** States with their own tray icon: serving, nothing on HTTPS, all of it paused, without keys, in trouble. */
export type EdgeState = 'serving' | 'idle' | 'paused' | 'locked' | 'trouble'

/** Most important state, in the same order as in the window: failures come first. */
export function edgeStateOf({ status, domains }: EngineView, now = new Date()): EdgeState {
  if (!status || status.edge.state === 'failed' || status.edge.state === 'restarting') return 'trouble'
  if (status.protection.locked) return 'locked'
  if (status.edge.problem || domains.some((domain) => isRefused(domain, now) || isOriginDown(domain)))
    return 'trouble'
  if (domains.some(isServed)) return 'serving'
  return domains.some(({ https }) => https.state === 'paused') ? 'paused' : 'idle'
}

export function formatEdgeState(view: EngineView, now = new Date()): string {
  const { status, domains } = view
  if (!status) return 'The engine does not answer'
  const onHttps = domains.filter(isServed).length
  const state = edgeStateOf(view, now)
  const refused = domains.filter((domain) => isRefused(domain, now)).length
  if (state === 'trouble' && status.edge.problem === null && refused > 0)
    return `${count(refused, 'domain')} served with a certificate that is not valid now`
  const down = domains.filter(isOriginDown).length
  if (state === 'trouble' && status.edge.problem === null && down > 0)
    return `The origin of ${count(down, 'domain')} is down`
  if (state === 'trouble') return status.edge.problem?.message ?? 'The edge is being started again'
  if (state === 'locked') return lockedLabel(view, status.domains.down)
  if (state === 'paused') return 'HTTPS is paused for every domain'
  if (state === 'idle') return 'No domain is on HTTPS'
  return `${count(onHttps, 'domain')} on HTTPS`
}

function lockedLabel({ domains }: EngineView, down: number): string {
  if (down > 0) return `HTTPS is down for ${count(down, 'domain')}: the vault is locked`
  if (domains.some(isServed)) return 'The vault is locked; HTTPS goes on'
  const isPaused = domains.some(({ https }) => https.state === 'paused')
  return isPaused ? 'The vault is locked; HTTPS is paused for every domain' : 'The vault is locked'
}

export function isServed({ https }: Domain): boolean {
  return https.state === 'on' && https.outage === null
}

/** Whether clients reject its certificate: expired, or not valid yet. */
function isRefused(domain: Domain, now: Date): boolean {
  const { certificate } = domain.https
  return isServed(domain) && certificate !== null && !isValidNow(certificate, now)
}

function isOriginDown({ originStates }: Domain): boolean {
  return originHealth(originStates) === 'down'
}
