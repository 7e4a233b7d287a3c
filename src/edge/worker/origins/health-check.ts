import type { HealthCheckPolicy } from '../../../contract/domains/origins.ts'
import type { Deadlines, Expiring } from '../limits/deadlines.ts'
import { forwardedLines } from '../http/arrival.ts'
import { failureReason, type UpstreamFailure } from './upstream-failure.ts'
import type { OriginHealth } from './origin-health.ts'
import { slotTarget, type OriginSlot, type UpstreamTarget } from './upstream-target.ts'
import type { EdgeRequest } from '../http/request.ts'
import type { Route } from '../../protocol/snapshot.ts'
import type { EdgeIdentity, UpstreamCarrier, UpstreamWaiter, ResponseSink } from './upstream-carrier.ts'
import type { ResponseHead } from '../http/response.ts'

export interface CheckUpstreams {
  acquire(target: UpstreamTarget, waiter: UpstreamWaiter, isFresh?: boolean): () => void
  readonly identity: EdgeIdentity
}

export interface HealthCheckOptions {
  route: Route
  slot: OriginSlot
  health: OriginHealth
  check: HealthCheckPolicy
  deadlines: Deadlines
  upstreams: CheckUpstreams
}

/** Checks one origin periodically, on the same path as requests. */
export class HealthCheck implements ResponseSink, Expiring {
  readonly isHead = false
  readonly wantsUpgrade = false
  readonly mayReadMuch = false
  readonly claimant = theEdge
  // The head of the final response settles the check.
  readonly onInformational = ignore
  readonly onSwitch = ignore
  readonly onData = ignore
  readonly onDrain = ignore
  /** Deadline of the running request, or start of the next. */
  deadlineAt: number
  readonly #options: HealthCheckOptions
  #isRunning = false
  #isClosed = false
  #carrier: UpstreamCarrier | null = null
  #takeBack: (() => void) | null = null
  #good = 0
  #bad = 0

  constructor(options: HealthCheckOptions) {
    this.#options = options
    this.deadlineAt = options.deadlines.now
    options.deadlines.add(this)
  }

  close(): void {
    this.#isClosed = true
    this.#options.deadlines.remove(this)
    this.#stop()
  }

  expire(): void {
    if (this.#isRunning) this.#conclude('It did not respond in time')
    else this.#ask()
  }

  onHead({ status }: ResponseHead): void {
    const { statusFrom, statusTo } = this.#options.check
    const isGood = status >= statusFrom && status <= statusTo
    this.#conclude(isGood ? null : `It answers ${status}`)
  }

  onFailure(failure: UpstreamFailure): void {
    this.#carrier = null
    if (this.#isRunning) this.#conclude(failureReason(failure))
  }

  onEnd(): void {
    this.#carrier = null
  }

  flush(): boolean {
    return true
  }

  #ask(): void {
    const { route, slot, check, deadlines, upstreams } = this.#options
    this.#isRunning = true
    this.deadlineAt = deadlines.now + check.timeoutSeconds * 1_000
    const request = checkRequest(route, check.path)
    const target = slotTarget(slot, request)
    const waiter: UpstreamWaiter = {
      claimant: theEdge,
      onCarrier: (carrier) => {
        this.#carrier = carrier
        carrier.start(request, target, upstreams.identity, this)
        carrier.endRequest([])
      },
      onFailure: (failure) => this.onFailure(failure),
    }
    // A pooled HTTP/1.1 connection may be closed although the origin is up.
    this.#takeBack = upstreams.acquire(target, waiter, !target.http2)
  }

  #conclude(problem: string | null): void {
    const { health, check, deadlines } = this.#options
    this.#stop()
    if (this.#isClosed) return
    this.deadlineAt = deadlines.now + check.everySeconds * 1_000
    this.#good = problem === null ? this.#good + 1 : 0
    this.#bad = problem === null ? 0 : this.#bad + 1
    if (this.#bad >= check.downAfter) health.onCheck(true, problem)
    if (this.#good >= check.upAfter) health.onCheck(false, null)
  }

  /** Ends the check after the head of the response. */
  #stop(): void {
    this.#isRunning = false
    this.#takeBack?.()
    this.#takeBack = null
    this.#carrier?.destroy()
    this.#carrier = null
  }
}

const ignore = (): void => undefined
/** Claimant of the checks, which get a share of the origin's slots even under load. */
const theEdge = { remoteAddress: '127.0.0.1' }

function checkRequest({ domain, certificateId }: Route, path: string): EdgeRequest {
  const host = domain.replace(/^\*\./, 'check.')
  // An origin that follows the scheme is checked as most visitors request it.
  const client = { secure: certificateId !== null, remoteAddress: '127.0.0.1' }
  return {
    ...client,
    method: 'GET',
    target: path,
    host,
    hostname: host,
    forwardedLines: forwardedLines(host, client),
    serverName: null,
    clientCertificate: null,
    identityLines: '',
    lines: 'user-agent: Edgekeep-Health-Check\r\naccept: */*\r\n',
    bodyLength: 0,
    expectsContinue: false,
    acceptsTrailers: false,
    upgrade: null,
    bindsConnection: false,
    via: '',
    accept: '*/*',
  }
}
