import {
  addressProblem,
  admissionProblem,
  askForPassword,
  bodyProblem,
  loopProblem,
  outageProblem,
  routeProblem,
} from '../policies/admission.ts'
import { clientCertificateProblem, identityLines } from '../tls/client-certificate.ts'
import type { EdgeState } from './edge-state.ts'
import { passableTrailers } from '../http/headers.ts'
import { ListedFields, type Fields } from '../http/fields.ts'
import type { PageTap } from '../observe/findings-watch.ts'
import type { MessageHead } from '../http/http-parser.ts'
import type { ConnectionFacts, ExchangeFacts } from '../observe/observe.ts'
import { faultProblem, problemPage, redirectPage, type Page, type Problem } from '../http/pages.ts'
import type { Admission } from '../policies/password-gate.ts'
import type { Asker } from '../policies/password-queue.ts'
import { redirectLocation } from '../policies/redirect.ts'
import type { EdgeRequest } from '../http/request.ts'
import type { ServedRoute } from '../policies/route-rules.ts'
import { containFaults, faultText } from '../limits/faults.ts'
import { trailersUnderFieldRules, type FieldRules } from '../policies/field-rules.ts'
import { applyToPage, applyToRequest, applyToResponse } from '../policies/apply-policies.ts'
import type { UpstreamCarrier, UpstreamWaiter, ResponseSink } from '../origins/upstream-carrier.ts'
import { OriginAttempts } from '../origins/origin-attempts.ts'
import { withPathRestored } from '../policies/restore-path.ts'
import { withoutPath } from '../policies/strip-path.ts'
import { slotTarget } from '../origins/origin-slot.ts'
import type { UpstreamTarget } from '../origins/upstream-target.ts'
import { handshakeKey, switchesToWebsocket } from '../http/websocket-handshake.ts'
import type { ResponseHead } from '../http/response.ts'
import { type UpstreamFailure, failureProblem } from '../origins/upstream-failure.ts'

/** Client side of an exchange: HTTP/1.1 or one stream of HTTP/2. */
export interface ClientStream {
  informational(status: number, headers: Fields): void
  respond(head: ResponseHead): void
  /** The websocket handshake has been accepted; `data` and `body` now carry its frames. */
  accept(head: MessageHead): void
  /** The view is valid until `flush` has returned. */
  data(chunk: Buffer): void
  end(trailers: string[]): void
  /** Writes everything since the last flush. False: wait, then call `Exchange.resume`. */
  flush(): boolean
  /** Sends a complete response of the edge's own. */
  page(page: Page): void
  /** Aborts a response that cannot be completed. If nothing of it has been sent, `page` replaces it. */
  abort(page: Page): void
  resumeBody(): void
  /** Allows long silence on either side while request and response overlap, as in gRPC. */
  converse?(): void
  /** Closes it at once in any state. Never throws. */
  cut(): void
}

type Progress = 'waiting' | 'sent' | 'responding' | 'switched' | 'done'

export class Exchange implements ResponseSink, UpstreamWaiter, Asker {
  readonly claimant: ConnectionFacts
  readonly isHead: boolean
  readonly wantsUpgrade: boolean

  readonly #edge: EdgeState
  readonly #request: EdgeRequest
  readonly #client: ClientStream
  readonly #facts: ExchangeFacts
  #progress: Progress = 'waiting'
  #route: ServedRoute | null = null
  #sent: EdgeRequest
  /** Path prefix removed before the request went to the origin. */
  #strippedPath = ''
  #attempts: OriginAttempts | null = null
  #target: UpstreamTarget | null = null
  #carrier: UpstreamCarrier | null = null
  #takeBack: (() => void) | null = null
  /** Body bytes that wait for a connection, and websocket bytes that wait for the origin's switch. */
  #early: Buffer[] = []
  #bodyTrailers: string[] | null = null
  /** Bytes still allowed for a body of unknown length. */
  #bodyLeft = Infinity
  /** Copies the response's body for the search for findings. */
  #tap: PageTap | null = null
  #isFaulty = false

  constructor(edge: EdgeState, request: EdgeRequest, client: ClientStream, facts: ExchangeFacts) {
    this.#edge = edge
    this.#request = request
    this.#sent = request
    this.#client = client
    this.#facts = facts
    this.claimant = facts.connection
    facts.method = request.method
    facts.target = request.target
    facts.host = request.host
    this.isHead = request.method === 'HEAD'
    this.wantsUpgrade = request.upgrade !== null
  }

  /** Serving domain; empty before it is known. */
  get domain(): string {
    return this.#route?.domain ?? ''
  }

  /** The client is gone: pending results are no longer needed. */
  get isGone(): boolean {
    return this.#progress === 'done'
  }

  /** Minimum rate of the request's body in bytes per second. */
  get minRequestRate(): number {
    return this.#route?.rules.minRequestRate ?? this.#edge.limits.minRequestRate
  }

  /** Minimum rate at which the client reads the response, in bytes per second. */
  get minResponseRate(): number {
    return this.#route?.rules.minResponseRate ?? this.#edge.limits.minResponseRate
  }

  /** Whether clients with a smaller share of the origin wait for it. */
  get isContended(): boolean {
    if (this.#carrier === null || this.#target === null) return false
    return this.#edge.upstreams.isContended(this.#target, this.claimant)
  }

  start(): void {
    const request = this.#request
    if (request.via !== '' && request.via.includes(this.#edge.identity.viaName))
      return this.#answer(loopProblem)
    const challenge = this.#edge.challenges.answerTo(request)
    if (challenge) return this.#page(challenge)
    const route = this.#edge.routes.lookup(request.hostname)
    const problem = routeProblem(request, route)
    if (problem) return this.#answer(problem)
    if (!route) return
    this.#route = route
    this.#facts.domain = route.domain
    // A refused address must not learn the redirect; the password is asked for at its target.
    const refusal = addressProblem(request, route)
    if (refusal) return this.#answer(refusal)
    const outage = outageProblem(request, route)
    if (outage) return this.#answer(outage)
    const location = redirectLocation(request, route, this.#edge.identity.publicPorts)
    if (location !== null) {
      this.#facts.redirect = location
      return this.#page(redirectPage(route.redirect.code, location, request.accept))
    }
    const refused = clientCertificateProblem(route.policies.tls, request)
    if (refused) return this.#answer(refused)
    request.identityLines = identityLines(route.policies.tls, request)
    if (request.bodyLength > route.rules.maxBodyBytes) return this.#answer(bodyProblem(request))
    if (request.bodyLength < 0) this.#bodyLeft = route.rules.maxBodyBytes
    const admission = askForPassword(request, route, this.#edge.passwordChecks, this)
    if (admission === null) return this.#goOn(route)
    if (typeof admission === 'string') return this.admit(admission, route)
    admission.then(
      (found) => this.admit(found, route),
      (error: unknown) => this.endByFault(error),
    )
  }

  /** Ends only this exchange after an internal error. */
  endByFault(error: unknown): void {
    this.#edge.fault('An exchange failed', error, { domain: this.#request.hostname })
    if (this.#isFaulty) return
    this.#isFaulty = true
    const hasBegun = this.#progress === 'responding' || this.#progress === 'switched'
    const failure: UpstreamFailure = { kind: 'fault', code: faultText(error).split('\n')[0] ?? '' }
    this.#facts.failure = failure
    this.abort()
    const page = problemPage(faultProblem, '')
    try {
      if (hasBegun) this.#client.abort(page)
      else this.#client.page(page)
    } catch (other) {
      this.#edge.fault('An exchange failed while it was ended', other)
      this.#client.cut()
    }
  }

  /** Handles the result of the password check, which may have just arrived. */
  admit(admission: Admission, route: ServedRoute): void {
    // The client may have gone in the meantime.
    if (this.#progress !== 'waiting') return
    if (admission === 'in') this.#goOn(route)
    else this.#answer(admissionProblem(admission, route))
  }

  /** Handles a piece of the request's body. False: wait for `resumeBody`. */
  body(chunk: Buffer): boolean {
    if (chunk.length > this.#bodyLeft) return this.#refuseBody()
    this.#bodyLeft -= chunk.length
    if (this.#isHolding) {
      this.#early.push(chunk)
      return false
    }
    const carrier = this.#carrier
    // Websocket bytes after the origin has declined have no destination.
    if (!carrier || (this.wantsUpgrade && this.#progress !== 'switched')) return true
    return this.#sendBody(carrier, chunk)
  }

  bodyEnd(trailers: string[]): void {
    this.#bodyTrailers = this.#passable(trailers, this.#route?.rules.requestFields)
    if (this.#carrier && !this.#isHolding) this.#sendEnd(this.#carrier)
  }

  resume(): void {
    this.#carrier?.resume()
  }

  abort(): void {
    this.#tap?.end()
    this.#progress = 'done'
    this.#takeBack?.()
    this.#carrier?.destroy()
    this.#carrier = null
  }

  onCarrier(carrier: UpstreamCarrier): void {
    const target = this.#target!
    this.#progress = 'sent'
    this.#carrier = carrier
    this.#facts.opening = carrier.opening
    this.#facts.reused = carrier.isReused
    this.#facts.sentAt = performance.now()
    carrier.start(this.#sent, target, this.#edge.identity, this)
    if (this.wantsUpgrade) return
    if (this.#request.bodyLength === 0) return carrier.endRequest(noTrailers)
    if (target.http2 && rpcPattern.test(this.#request.lines)) this.#client.converse?.()
    this.#sendHeld(carrier)
  }

  onInformational(head: MessageHead): void {
    this.#client.informational(head.status, head.headers)
  }

  onHead(head: ResponseHead): void {
    this.#progress = 'responding'
    if (this.wantsUpgrade) this.#onDeclined()
    // An origin that answers before the request is complete may be in a dialogue with it.
    else if (this.#target?.http2 && !this.#bodyTrailers) this.#client.converse?.()
    this.#facts.responseHeaders = head.headers
    this.#attempts?.answered(head.status)
    const route = this.#route!
    const answer = applyToResponse(this.#asSeen(head), this.#request, route.rules)
    if (route.rules.watched) this.#tap = this.#edge.findings.look(this.#request, route, answer)
    this.#client.respond(answer)
  }

  onSwitch(head: MessageHead): void {
    if (!switchesToWebsocket(head.headers, handshakeKey(this.#sent))) {
      this.#carrier?.destroy()
      return this.onFailure({
        kind: 'malformed',
        code: 'It switched to something other than the websocket that was asked for',
      })
    }
    if (this.#route?.rules.watched) this.#edge.findings.lookAtWebsocket(this.#request, this.#route)
    this.#progress = 'switched'
    this.#facts.websocket = true
    this.#facts.responseHeaders = head.headers
    this.#client.accept(this.#asSeen(head))
    if (this.#carrier) this.#sendHeld(this.#carrier)
  }

  onData(chunk: Buffer): void {
    this.#tap?.take(chunk)
    this.#client.data(chunk)
  }

  onEnd(trailers: string[]): void {
    this.#tap?.end()
    this.#progress = 'done'
    this.#carrier = null
    this.#client.end(this.#passable(trailers, this.#route?.rules.responseFields))
  }

  flush(): boolean {
    return this.#client.flush()
  }

  onDrain(): void {
    this.#client.resumeBody()
  }

  onFailure(failure: UpstreamFailure): void {
    const carrier = this.#carrier
    this.#carrier = null
    if (this.#progress === 'done') return
    if (failure.kind === 'fault') return this.endByFault(failure.code)
    const attempts = this.#attempts
    // Otherwise the client already has the head of the first response, and no second one may follow.
    if (attempts && carrier && this.#progress === 'sent' && attempts.repeats(carrier, failure))
      return this.#askAgain(attempts, true)
    attempts?.failed(failure)
    if (attempts && this.#isUnanswered && attempts.movesOn(carrier, failure))
      return this.#askAgain(attempts, false)
    const hasBegun = this.#progress === 'responding' || this.#progress === 'switched'
    this.#edge.log('warn', 'An origin gave no complete response', {
      domain: this.#request.hostname,
      failure: failure.kind,
      code: failure.code,
    })
    this.#progress = 'done'
    this.#tap?.end()
    this.#facts.failure = failure
    this.#giveUp(failureProblem(failure, this.#request.hostname), hasBegun)
  }

  #goOn(route: ServedRoute): void {
    const destination = this.#edge.destinations.find(route, this.#request.target)
    const request = applyToRequest(this.#request, route.rules)
    this.#strippedPath = destination.strip
    this.#sent = destination.strip === '' ? request : withoutPath(request, destination.strip)
    this.#attempts = new OriginAttempts(destination, this.#request)
    this.#ask(this.#attempts, false)
  }

  /** Rewrites paths in the origin's head to those that the client sees. */
  #asSeen<H extends { headers: Fields }>(head: H): H {
    const path = this.#strippedPath
    if (path === '' || !this.#target) return head
    const below = { path, host: this.#request.host, originHost: this.#target.hostHeader }
    return { ...head, headers: new ListedFields(withPathRestored(head.headers.list(), below)) }
  }

  /** Drops the rest of the body; the part that the origin has is useless. */
  #refuseBody(): boolean {
    const hasBegun = this.#progress === 'responding'
    if (this.#progress === 'done') return true
    this.abort()
    const problem = bodyProblem(this.#request)
    this.#facts.refusal = problem.sentence
    this.#giveUp(problem, hasBegun)
    return true
  }

  #giveUp(problem: Problem, hasBegun: boolean): void {
    const page = this.#underRules(problemPage(problem, this.#request.accept))
    if (hasBegun) this.#client.abort(page)
    else this.#client.page(page)
  }

  #underRules(page: Page): Page {
    return this.#route ? applyToPage(page, this.#request, this.#route.rules) : page
  }

  #askAgain(attempts: OriginAttempts, isFresh: boolean): void {
    this.#facts.retried = true
    this.#progress = 'waiting'
    this.#ask(attempts, isFresh)
  }

  /** `isFresh` demands a new connection. */
  #ask({ slot }: OriginAttempts, isFresh: boolean): void {
    const target = slotTarget(slot, this.#sent)
    this.#target = target
    this.#facts.origin = target
    this.#takeBack = this.#edge.upstreams.acquire(target, this, isFresh)
  }

  /**
   * Holds websocket bytes until the origin switches: before that, HTTP/1.1 would read them as the next
   * request, and its response would go to the next user of the connection.
   */
  get #isHolding(): boolean {
    return this.#progress === 'waiting' || (this.#progress === 'sent' && this.wantsUpgrade)
  }

  #passable(trailers: string[], rules: FieldRules | null | undefined): string[] {
    if (trailers.length === 0) return trailers
    const passed = passableTrailers(trailers)
    return rules ? trailersUnderFieldRules(rules, passed) : passed
  }

  get #isUnanswered(): boolean {
    return this.#progress === 'waiting' || this.#progress === 'sent'
  }

  #sendHeld(carrier: UpstreamCarrier): void {
    const early = this.#early
    this.#early = []
    for (const chunk of early) this.#sendBody(carrier, chunk)
    if (this.#bodyTrailers) this.#sendEnd(carrier)
    else if (early.length > 0) this.#client.resumeBody()
  }

  /** Drops held websocket bytes when the origin answers without switching. */
  #onDeclined(): void {
    this.#early = []
    this.#carrier?.endRequest(noTrailers)
    this.#client.resumeBody()
  }

  #sendBody(carrier: UpstreamCarrier, chunk: Buffer): boolean {
    if (this.#attempts) this.#attempts.hasSentBody = true
    return carrier.write(chunk)
  }

  #sendEnd(carrier: UpstreamCarrier): void {
    if (this.#progress === 'switched') return carrier.endTunnel()
    carrier.endRequest(this.#bodyTrailers ?? noTrailers)
  }

  #answer(problem: Problem): void {
    this.#facts.refusal = problem.sentence
    this.#page(problemPage(problem, this.#request.accept))
  }

  #page(page: Page): void {
    this.#progress = 'done'
    this.#client.page(this.#underRules(page))
  }
}

containFaults(Exchange.prototype, [
  'start',
  'admit',
  'body',
  'bodyEnd',
  'resume',
  'abort',
  'onCarrier',
  'onInformational',
  'onHead',
  'onSwitch',
  'onData',
  'onEnd',
  'flush',
  'onDrain',
  'onFailure',
])

const noTrailers: string[] = []
/** Calls whose client may be silent before the origin's first response. */
const rpcPattern = /^content-type: application\/(?:grpc|connect)/im
