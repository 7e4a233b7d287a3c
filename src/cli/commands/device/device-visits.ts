import { systemSteps, type DeviceSystem } from './device-systems.ts'

/** Devices that are told apart, by address. */
const mostDevices = 64
/** Requests of one device in a minute; a person makes some ten. */
const mostPerMinute = 60

export type VisitState = 'opened' | 'downloaded' | 'refused' | 'trusted'

export interface Visit {
  address: string
  system: DeviceSystem
  state: VisitState
  /** The file was taken, so that a refusal means a missing switch. */
  hasFile: boolean
  /** Monotonic milliseconds of the last trusted request. */
  trustedAt: number
  requests: number
  countedSince: number
}

export interface VisitEvent {
  address: string
  system: DeviceSystem
  state: VisitState
  sentence: string
}

/** Visits by address, with their rate limit. `changed` is called once for each new state of a device. */
export function createVisits(changed: (event: VisitEvent) => void, now: () => number) {
  const visits = new Map<string, Visit>()
  return {
    /** Visit of this address; undefined over the rate limit, with too many devices, or for no address. */
    admit(address: string): Visit | undefined {
      const visit = visits.get(address) ?? newVisit(address, now())
      if (!visits.has(address)) {
        if (address === '' || visits.size >= mostDevices) return undefined
        visits.set(address, visit)
      }
      if (now() - visit.countedSince > 60_000) Object.assign(visit, { requests: 0, countedSince: now() })
      visit.requests += 1
      return visit.requests > mostPerMinute ? undefined : visit
    },
    /** Visit of an address that opened the page, which has a path that others do not know; not counted. */
    known: (address: string): Visit | undefined => visits.get(address),
    move(visit: Visit, state: VisitState): void {
      if (state === 'trusted') visit.trustedAt = now()
      if (visit.state === state) return
      visit.state = state
      if (state === 'downloaded') visit.hasFile = true
      const { address, system } = visit
      changed({ address, system, state, sentence: visitSentence(visit) })
    },
    /** A connection without a request. After a request, it is one that a browser opened in advance. */
    refuse(visit: Visit): void {
      if (now() - visit.trustedAt > 10_000) this.move(visit, 'refused')
    },
    trusted: (): number => [...visits.values()].filter(({ trustedAt }) => trustedAt > -Infinity).length,
  }
}
function newVisit(address: string, now: number): Visit {
  return {
    address,
    system: 'another system',
    state: 'opened',
    hasFile: false,
    trustedAt: -Infinity,
    requests: 0,
    countedSince: now,
  }
}

/** Verdict as the person reads it on the device and on the computer. */
export function visitSentence({ system, state, hasFile }: Visit): string {
  const { missing, note } = systemSteps[system]
  if (state === 'trusted')
    return ['This browser trusts Edgekeep.', ...(note === undefined ? [] : [note])].join(' ')
  if (state === 'refused')
    return hasFile
      ? `This browser does not trust Edgekeep yet. ${missing}`
      : 'This browser does not trust Edgekeep yet. Install the certificate first.'
  if (state === 'downloaded') return 'The certificate was downloaded. Install it, then check.'
  return 'The handshake did not reach this computer. Check again.'
}
