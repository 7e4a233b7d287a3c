import type { OriginState } from '../contract/domains/origins.ts'

/** `unknown`: nothing was seen of it yet; `partly`: another origin answers instead of one that is out. */
export type OriginHealth = 'unknown' | 'up' | 'partly' | 'down'

export function originHealth(states: readonly OriginState[]): OriginHealth {
  const up = states.filter(({ state }) => state === 'up').length
  if (states.length === 0) return 'unknown'
  if (up === states.length) return 'up'
  return up === 0 ? 'down' : 'partly'
}
