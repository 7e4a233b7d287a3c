import type { Origin } from '../../../contract/origins.ts'
import type { OriginHealth } from './origin-health.ts'
import type { EdgeRequest } from '../http/request.ts'
import {
  upstreamTarget,
  type DomainOrigin,
  type UpstreamTarget,
  type UpstreamTimeouts,
} from './upstream-target.ts'

/** One origin that requests of a domain may go to. */
export interface OriginSlot extends DomainOrigin {
  /** Null where there is no other to go to and no check. */
  health: OriginHealth | null
  /** What its last request went to and what of it decided that: the next one is nearly always alike. */
  last: (Pick<EdgeRequest, TargetFacts> & { target: UpstreamTarget }) | null
}

type TargetFacts = 'host' | 'secure' | 'upgrade' | 'bindsConnection'

export function originSlot(origin: Origin, timeouts: UpstreamTimeouts, owner: string | null): OriginSlot {
  return { origin, timeouts, owner, health: null, last: null }
}

/** The origin of `slot` as `request` is to reach it. */
export function slotTarget(slot: OriginSlot, request: EdgeRequest): UpstreamTarget {
  const { last } = slot
  const { host, secure, upgrade, bindsConnection } = request
  const isAlike =
    last?.host === host &&
    last.secure === secure &&
    last.upgrade === upgrade &&
    last.bindsConnection === bindsConnection
  if (isAlike) return last.target
  const target = upstreamTarget(slot, request)
  slot.last = { host, secure, upgrade, bindsConnection, target }
  return target
}

/** Where the requests below one path go. */
export interface Destination {
  /** In the order in which they are tried; one at least. */
  slots: OriginSlot[]
  /** To be taken off the path; empty for none. */
  strip: string
}
