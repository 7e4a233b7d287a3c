import type { Origin } from '../../../contract/domains/origins.ts'
import type { OriginHealth } from './origin-health.ts'
import type { EdgeRequest } from '../http/request.ts'
import {
  upstreamTarget,
  type DomainOrigin,
  type UpstreamTarget,
  type UpstreamTimeouts,
} from './upstream-target.ts'

export interface OriginSlot extends DomainOrigin {
  /** Null without a second origin and without a check. */
  health: OriginHealth | null
  /** Cache of the last target with its inputs: the next request nearly always has the same ones. */
  last: (Pick<EdgeRequest, TargetFacts> & { target: UpstreamTarget }) | null
}

type TargetFacts = 'host' | 'secure' | 'upgrade' | 'bindsConnection'

export function originSlot(origin: Origin, timeouts: UpstreamTimeouts, owner: string | null): OriginSlot {
  return { origin, timeouts, owner, health: null, last: null }
}

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

export interface Destination {
  /** Order of attempts; at least one. */
  slots: OriginSlot[]
  /** Prefix to remove from the path; empty for none. */
  strip: string
}
