import {
  addressProblem,
  admissionProblem,
  askForPassword,
  bodyProblem,
  loopProblem,
  outageProblem,
  routeProblem,
  standInProblem,
} from '../policies/admission.ts'
import { clientCertificateProblem, identityLines } from '../tls/client-certificate.ts'
import type { ClientStream } from './client-stream.ts'
import type { EdgeState } from './edge-state.ts'
import { OriginRequest } from './origin-request.ts'
import type { ResponseSink } from '../origins/upstream-carrier.ts'
import { passableTrailers } from '../http/headers.ts'
import { ListedFields, type Fields } from '../http/fields.ts'
import type { PageTap } from '../observe/findings-watch.ts'
import type { MessageHead } from '../http/http-parser.ts'
import type { ConnectionFacts, ExchangeFacts } from '../observe/observe.ts'
import { faultProblem, problemPage, redirectPage, type Page, type Problem } from '../http/pages.ts'
import type { Admission } from '../policies/password-gate.ts'
import type { Asker } from '../policies/password-queue.ts'
import { redirectFor } from '../policies/redirect.ts'
import type { EdgeRequest } from '../http/request.ts'
import {
  type ServedRoute,
  applyToPage,
  applyToRequest,
  applyToResponse,
  domainOf,
} from '../policies/route-rules.ts'
import { containFaults, faultText } from '../limits/faults.ts'
import { trailersUnderFieldRules, type FieldRules } from '../policies/field-rules.ts'
import { withPathRestored, withoutPath } from '../policies/path-prefix.ts'
import type { ResponseHead } from '../http/response.ts'
import { type UpstreamFailure, failureProblem } from '../origins/upstream-failure.ts'

type Progress = 'unanswered' | 'responding' | 'switched' | 'done'

/** Exchange of a client with an origin, or with the edge where that answers by itself. */
export class Exchange implements ResponseSink, Asker {
  readonly claimant: ConnectionFacts
  readonly isHead: boolean
  readonly wantsUpgrade: boolean

  readonly #edge: EdgeState
  readonly #request: EdgeRequest
  readonly #client: ClientStream
  readonly #facts: ExchangeFacts
  readonly #origin: OriginRequest
  #progress: Progress = 'unanswered'
  #route: ServedRoute | null = null
  #strippedPath = ''
  /** Bytes still allowed for a body of unknown length. */
  #bodyLeft = Infinity
  #tap: PageTap | null = null
  #isFaulty = false

  constructor(edge: EdgeState, request: EdgeRequest, client: ClientStream, facts: ExchangeFacts) {
    this.#edge = edge
    this.#request = request
    this.#client = client
    this.#facts = facts
    this.#origin = new OriginRequest({ edge, request, facts, client, exchange: this })
    this.claimant = facts.connection
    facts.method = request.method
    facts.target = request.target
    facts.host = request.host
    this.isHead = request.method === 'HEAD'
    this.wantsUpgrade = request.upgrade !== null
  }

  get domain(): string {
    return this.#route?.domain ?? ''
  }

  /** The client is gone: pending results are no longer needed. */
  get isGone(): boolean {
    return this.#progress === 'done'
  }

  get mayReadMuch(): boolean {
    return this.#client.mayReadMuch
  }

  get minRequestRate(): number {
    return this.#route?.rules.minRequestRate ?? this.#edge.limits.minRequestRate
  }

  get minResponseRate(): number {
    return this.#route?.rules.minResponseRate ?? this.#edge.limits.minResponseRate
  }

  /** Whether clients with a smaller share of the origin wait for it. */
  get isContended(): boolean {
    return this.#origin.isContended
  }

  start(): void {
    const request = this.#request
    if (request.via !== '' && request.via.includes(this.#edge.identity.viaName))
      return this.#answer(loopProblem)
    const { publishedAddress } = this.#facts.connection
    const challenge = publishedAddress === null && this.#edge.challenges.answerTo(request)
    if (challenge) return this.#page(challenge)
    const route = this.#edge.routes.lookup(request.hostname, publishedAddress)
    const problem = routeProblem(request, route)
    if (problem) return this.#answer(problem)
    if (!route) return
    this.#route = route
    this.#facts.domain = domainOf(route)
    // Before the redirect, so that a refused client does not learn its target; the password is asked for there.
    const refusal = addressProblem(request, route) ?? outageProblem(request, route)
    if (refusal) return this.#answer(refusal)
    const redirect = redirectFor(request, route, this.#edge.identity.publicPorts)
    if (redirect !== null) {
      this.#facts.redirect = redirect.location
      return this.#page(redirectPage(redirect.status, redirect.location, request.accept))
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
    const hasBegun = this.#hasBegun
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

  admit(admission: Admission, route: ServedRoute): void {
    // The client may have gone in the meantime.
    if (this.#progress !== 'unanswered') return
    if (admission === 'in') this.#goOn(route)
    else this.#answer(admissionProblem(admission, route))
  }

  /** Handles a piece of the request's body. False: wait for `resumeBody`. */
  body(chunk: Buffer): boolean {
    if (this.#progress === 'done') return true
    if (chunk.length > this.#bodyLeft) return this.#refuseBody()
    this.#bodyLeft -= chunk.length
    return this.#origin.write(chunk)
  }

  bodyEnd(trailers: string[]): void {
    this.#origin.end(this.#passable(trailers, this.#route?.rules.requestFields))
  }

  resume(): void {
    this.#origin.resume()
  }

  abort(): void {
    this.#tap?.end()
    this.#progress = 'done'
    this.#origin.destroy()
  }

  onInformational(head: MessageHead): void {
    this.#client.informational(head.status, head.headers)
  }

  onHead(head: ResponseHead): void {
    this.#progress = 'responding'
    this.#facts.responseHeaders = head.headers
    this.#origin.answered(head.status)
    const route = this.#route!
    const answer = applyToResponse(this.#asSeen(head), this.#request, route.rules)
    if (route.rules.watched) this.#tap = this.#edge.findings.look(this.#request, route, answer)
    this.#client.respond(answer)
  }

  onSwitch(head: MessageHead): void {
    if (!this.#origin.isSwitch(head)) {
      this.#origin.destroy()
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
    this.#origin.openTunnel()
  }

  onData(chunk: Buffer): void {
    this.#tap?.take(chunk)
    this.#client.data(chunk)
  }

  onEnd(trailers: string[]): void {
    this.#tap?.end()
    this.#progress = 'done'
    this.#origin.complete()
    this.#client.end(this.#passable(trailers, this.#route?.rules.responseFields))
  }

  flush(): boolean {
    return this.#client.flush()
  }

  onDrain(): void {
    this.#client.resumeBody()
  }

  onFailure(failure: UpstreamFailure): void {
    if (this.#progress === 'done') return
    if (failure.kind === 'fault') return this.endByFault(failure.code)
    const hasBegun = this.#hasBegun
    if (this.#origin.isRepeated(failure, hasBegun)) return
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
    if (route.standIn) return this.#answer(standInProblem(route.standIn))
    const destination = this.#edge.destinations.find(route, this.#request.target)
    const request = applyToRequest(this.#request, route.rules)
    this.#strippedPath = destination.strip
    const sent = destination.strip === '' ? request : withoutPath(request, destination.strip)
    this.#origin.send(sent, destination)
  }

  #asSeen<H extends { headers: Fields }>(head: H): H {
    const path = this.#strippedPath
    const { target } = this.#origin
    if (path === '' || !target) return head
    const below = { path, host: this.#request.host, originHost: target.hostHeader }
    return { ...head, headers: new ListedFields(withPathRestored(head.headers.list(), below)) }
  }

  /** Drops the rest of the body; the part that the origin has is useless. */
  #refuseBody(): boolean {
    const hasBegun = this.#hasBegun
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

  #passable(trailers: string[], rules: FieldRules | null | undefined): string[] {
    if (trailers.length === 0) return trailers
    const passed = passableTrailers(trailers)
    return rules ? trailersUnderFieldRules(rules, passed) : passed
  }

  /** The client has a part of the response, or an open websocket. */
  get #hasBegun(): boolean {
    return this.#progress === 'responding' || this.#progress === 'switched'
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

containFaults(Exchange.prototype)
