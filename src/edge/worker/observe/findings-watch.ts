import { findingKey } from '../../../domain/finding-key.ts'
import { guarded, type OnFault } from '../limits/faults.ts'
import { type EdgeRequest, pathOf } from '../http/request.ts'
import type { ServedRoute } from '../policies/route-rules.ts'
import { devServerByPath } from '../findings/dev-server.ts'
import type { Found } from '../findings/found.ts'
import { headerFindings } from '../findings/header-findings.ts'
import { pageBytes } from '../findings/page-text.ts'
import { bodyFindings, isHtml, mayRefuse } from '../findings/read-page.ts'
import { valuesInLines } from '../http/field-lines.ts'
import type { ResponseHead } from '../http/response.ts'
import type { FoundAt } from '../../protocol/worker-protocol.ts'

/** Receives the body of one page as it passes. Its methods never throw. */
export interface PageTap {
  take(chunk: Buffer): void
  end(): void
}

const reportDelayMs = 500
/** Maximum number of different findings in one report. */
const mostPending = 300
const mostPages = 4
const againMs = 2_000

/**
 * Searches responses of watched domains for findings. The amount is bounded and pages are read after they
 * have passed; other domains cost nothing. Nothing here throws: a failed search does not stop a response.
 */
export class FindingsWatch {
  readonly #report: (found: FoundAt[]) => void
  readonly #fault: OnFault
  readonly #pending = new Map<string, FoundAt>()
  readonly #readAt = new Map<string, number>()
  #timer: NodeJS.Timeout | null = null
  #pageCount = 0

  constructor(report: (found: FoundAt[]) => void, fault: OnFault) {
    this.#report = report
    this.#fault = fault
  }

  /** Searches the head of a response as the client gets it; returns a tap for the body of a page. */
  look(request: EdgeRequest, route: ServedRoute, head: ResponseHead): PageTap | null {
    return this.#contained(route.domain, () => this.#look(request, route, head)) ?? null
  }

  #look(request: EdgeRequest, route: ServedRoute, head: ResponseHead): PageTap | null {
    const headers = head.headers.list()
    const looked = {
      ...request,
      status: head.status,
      headers,
      redirectMode: route.redirect.mode,
      isHsts: (route.policies.hsts.days ?? 0) > 0,
    }
    const path = placeOf(request, route)
    const found = headerFindings(looked)
    // A policy of the edge replaces the origin's field.
    const theirs = found.filter(({ kind }) => kind !== 'hsts.from-origin' || route.rules.hsts === null)
    this.#add(route.domain, path, theirs)
    this.#addServer(route, request)
    const isPage = request.method === 'GET' && request.secure && isHtml(headers)
    const isRefusal = mayRefuse(head.status) && (request.method === 'GET' || request.method === 'POST')
    if (!head.hasBody || !(isPage || isRefusal)) return null
    // The answer to a form is not the page that it is on.
    const key = `${request.method} ${route.domain} ${path}`
    return this.#tap(key, { domain: route.domain, path }, (body) => bodyFindings(body, looked))
  }

  /** Recognizes the websocket of a development server's live updates. */
  lookAtWebsocket(request: EdgeRequest, route: ServedRoute): void {
    this.#contained(route.domain, () => {
      const protocols = valuesInLines(request.lines, 'sec-websocket-protocol')
      if (protocols.some((each) => /^vite-(hmr|ping)/.test(each))) {
        this.#add(route.domain, placeOf(request, route), [{ kind: 'dev-server.vite', example: '' }])
      }
      this.#addServer(route, request)
    })
  }

  #addServer(route: ServedRoute, { target }: EdgeRequest): void {
    const server = devServerByPath(target)
    // Applies to the whole domain, not to the page that happened to show it.
    if (server) this.#add(route.domain, '/', [server])
  }

  #tap(
    key: string,
    { domain, path }: { domain: string; path: string },
    findingsIn: (body: Buffer) => Promise<Found[]>,
  ): PageTap | null {
    const now = performance.now()
    if (this.#pageCount >= mostPages || now - (this.#readAt.get(key) ?? -Infinity) < againMs) return null
    if (this.#readAt.size >= 1_000) this.#readAt.clear()
    this.#readAt.set(key, now)
    this.#pageCount += 1
    const pieces: Buffer[] = []
    let size = 0
    let isDone = false
    const end = (): void => {
      if (isDone) return
      isDone = true
      this.#pageCount -= 1
      void this.#read(domain, path, () => findingsIn(Buffer.concat(pieces)))
    }
    const take = (chunk: Buffer): void => {
      if (isDone) return
      // One byte beyond the limit shows that the page is longer.
      const wanted = chunk.subarray(0, pageBytes + 1 - size)
      pieces.push(Buffer.from(wanted))
      size += wanted.length
      if (size > pageBytes) end()
    }
    const onFault = (error: unknown): void => {
      end()
      this.#couldNot(domain, error)
    }
    return { take: guarded(onFault, take), end }
  }

  async #read(domain: string, path: string, findings: () => Promise<Found[]>): Promise<void> {
    try {
      this.#addPage(domain, path, await findings())
    } catch (error) {
      // An internal error ends this reading alone.
      this.#couldNot(domain, error)
    }
  }

  #contained<T>(domain: string, act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      this.#couldNot(domain, error)
      return undefined
    }
  }

  #couldNot(domain: string, error: unknown): void {
    this.#fault('Response not checked for findings', error, { domain })
  }

  #addPage(domain: string, path: string, found: Found[]): void {
    const isServer = ({ kind }: Found) => kind.startsWith('dev-server.')
    this.#add(
      domain,
      path,
      found.filter((one) => !isServer(one)),
    )
    this.#add(domain, '/', found.filter(isServer))
  }

  #add(domain: string, path: string, found: readonly Found[]): void {
    for (const one of found) {
      const key = findingKey({ domain, path, ...one })
      const pending = this.#pending.get(key)
      if (pending) pending.count += 1
      else if (this.#pending.size < mostPending) this.#pending.set(key, { domain, path, ...one, count: 1 })
    }
    if (this.#pending.size === 0 || this.#timer) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      const all = [...this.#pending.values()]
      this.#pending.clear()
      this.#report(all)
    }, reportDelayMs)
    this.#timer.unref()
  }
}

function placeOf({ target, hostname }: EdgeRequest, { domain }: ServedRoute): string {
  const path = pathOf(target).slice(0, 200)
  return hostname === domain ? path : `${hostname}${path}`
}
