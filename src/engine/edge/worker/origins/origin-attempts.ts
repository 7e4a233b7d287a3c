import type { Destination, OriginSlot } from './origin-slot.ts'
import type { UpstreamFailure } from './upstream-response.ts'

/** The origins of one request, one after the other. */
export class OriginAttempts {
  slot: OriginSlot
  readonly #slots: OriginSlot[]
  #tried: OriginSlot[] | null = null

  constructor({ slots }: Destination) {
    this.#slots = slots
    // Never none: where all are out, the first is asked.
    this.slot = slots.find(mayBeAsked) ?? slots[0]!
  }

  /** Goes on to the next one that is up and was not tried. False: there is none. */
  next(): boolean {
    const tried = (this.#tried ??= [])
    tried.push(this.slot)
    const next = this.#slots.find((slot) => slot.health?.isUp === true && !tried.includes(slot))
    if (next) this.slot = next
    return next !== undefined
  }

  /** A gateway's own errors say that what is behind it is out. */
  answered(status: number): void {
    const { health } = this.slot
    if (status >= 502 && status <= 504) health?.onFailure(`It answers ${status}`)
    else health?.onSuccess()
  }

  failed({ kind, code }: UpstreamFailure): void {
    // These are not the origin's fault: too many requests for it, a request that cannot be sent, or an error of ours.
    if (kind !== 'busy' && kind !== 'unsendable' && kind !== 'fault')
      this.slot.health?.onFailure(failureInWords[kind](code))
  }
}

function mayBeAsked({ health }: OriginSlot): boolean {
  return health === null || health.isUp
}

export const failureInWords: Record<UpstreamFailure['kind'], (code: string) => string> = {
  unresolved: () => 'Its name cannot be resolved',
  refused: () => 'It refuses connections',
  unreachable: (code) => `It cannot be reached (${code})`,
  certificate: (code) => `Its certificate does not verify (${code})`,
  tls: () => 'It did not complete a TLS handshake',
  closed: () => 'It closed the connection before its response',
  malformed: () => 'It sent something that is not a valid response',
  unsendable: () => 'It was sent a request that its protocol has no form for',
  fault: () => 'Edgekeep failed while it answered',
  folder: () => 'The folder cannot be read',
  busy: () => 'Too many requests wait for it',
  'connect-timeout': () => 'It did not accept a connection in time',
  'response-timeout': () => 'It did not respond in time',
}
