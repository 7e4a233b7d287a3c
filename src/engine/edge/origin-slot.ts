import type { Origin } from '../../contract/origins.ts'
import type { OriginHealth } from './origin-health.ts'
import type { EdgeRequest } from './request.ts'
import { upstreamTarget, type UpstreamTarget, type UpstreamTimeouts } from './upstream-target.ts'

/** One origin that requests of a domain may go to. */
export interface OriginSlot {
  origin: Origin
  timeouts: UpstreamTimeouts
  /** Null where there is no other to go to and no check. */
  health: OriginHealth | null
  /** What its last request went to and what of it decided that: the next one is nearly always alike. */
  last: (Pick<EdgeRequest, 'host' | 'secure' | 'upgrade'> & { target: UpstreamTarget }) | null
}

export function originSlot(origin: Origin, timeouts: UpstreamTimeouts): OriginSlot {
  return { origin, timeouts, health: null, last: null }
}

/** The origin of `slot` as `request` is to reach it. */
export function slotTarget(slot: OriginSlot, request: EdgeRequest): UpstreamTarget {
  const { last } = slot
  const { host, secure, upgrade } = request
  if (last?.host === host && last.secure === secure && last.upgrade === upgrade) return last.target
  const target = upstreamTarget(slot.origin, request, slot.timeouts)
  slot.last = { host, secure, upgrade, target }
  return target
}

/** Where the requests below one path go. */
export interface Destination {
  /** In the order in which they are tried; one at least. */
  slots: OriginSlot[]
  /** To be taken off the path; empty for none. */
  strip: string
}
