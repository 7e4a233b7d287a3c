import type { Socket } from 'node:net'
import type { CheckReport, Domain } from '../../contract/domains/domains.ts'
import { headerFindings } from '../../edge/worker/findings/header-findings.ts'
import { pageBytes } from '../../edge/worker/findings/page-text.ts'
import { bodyFindings } from '../../edge/worker/findings/read-page.ts'
import { refusalMessage } from '../../domain/dev-servers.ts'
import { refusesUpdates } from './live-updates.ts'
import { beginningOf, type ProbeTarget } from './probe.ts'
import { ask, openSocket } from '../core/single-request.ts'
import type { DomainNeeds } from './needs.ts'
import type { FoundAt } from '../../edge/protocol/worker-protocol.ts'

const timeoutMs = 10_000

/** Fetches the first page like a browser, and looks for findings, also in unwatched domains. */
export async function checkPage(
  parts: DomainNeeds,
  domain: Domain,
  { host, port }: ProbeTarget,
): Promise<CheckReport['steps']> {
  parts.metering.exempt(domain.name, 1)
  const answer = await fetchPage({ host, port })
  if (!answer) {
    parts.metering.exempt(domain.name, -1)
    return []
  }
  const hstsDays = domain.policies.hsts.days
  const looked = {
    secure: true,
    host: authorityOf({ host, port }),
    hostname: host,
    target: '/',
    status: answer.status,
    headers: answer.headers,
    redirectMode: domain.redirect.mode,
    isHsts: (hstsDays ?? 0) > 0,
  }
  const found = headerFindings(looked).filter(({ kind }) => kind !== 'hsts.from-origin' || hstsDays === null)
  const inBody = await bodyFindings(answer.body, looked)
  const path = host === domain.name ? '/' : `${host}/`
  const all = [...found, ...inBody].map((one): FoundAt => ({ ...one, domain: domain.name, path, count: 1 }))
  // A redirect to HTTP in the domain's own settings is no finding.
  const own = domain.redirect.mode === 'http' ? all.filter(({ kind }) => !kind.startsWith('redirect.')) : all
  parts.findings.add(own)
  const isNext = own.some(({ kind }) => kind === 'dev-server.next')
  return [
    ...(isNext ? await liveUpdateSteps(parts, domain, { host, port }) : []),
    ...(own.length === 0 ? [] : [findingsStep(own, domain.displayName)]),
  ]
}

/** Step for a Next.js that serves its page to this name, and refuses it the websocket of its live updates. */
async function liveUpdateSteps(
  parts: DomainNeeds,
  { name, displayName }: Domain,
  { host, port }: ProbeTarget,
): Promise<CheckReport['steps']> {
  const connect = (deadline: AbortSignal) => {
    parts.metering.exempt(name, 1)
    return connectTo({ host, port }, deadline)
  }
  if (!(await refusesUpdates(connect, authorityOf({ host, port })))) return []
  const refusedBy = 'dev-server.next'
  const seen = refusalMessage(refusedBy, displayName)
  return [{ id: 'dev-server', title: 'Live updates', ok: false, seen, refusedBy }]
}

function findingsStep(found: readonly FoundAt[], domain: string): CheckReport['steps'][number] {
  const step = { id: 'findings', title: 'Findings' }
  const loop = found.find(({ kind }) => kind === 'redirect.loop')
  if (loop) {
    const seen = `The redirect to ${loop.example} leads back to the same address, so a browser never arrives.`
    return { ...step, ok: false, seen }
  }
  const different = new Set(found.map(({ kind, example }) => `${kind} ${example}`)).size
  const findings = different === 1 ? '1 finding' : `${different} findings`
  return {
    ...step,
    ok: true,
    caution: true,
    seen: `${findings}. See the tab Findings, or "edgekeep findings ${domain}".`,
  }
}

interface Page {
  status: number
  /** Names and values alternate. */
  headers: string[]
  /** Start of the body, one byte longer than the inspected part if there is more. */
  body: Buffer
}

/** Null on a timeout, which other steps report. */
async function fetchPage(target: ProbeTarget): Promise<Page | null> {
  const headers = {
    host: authorityOf(target),
    'user-agent': 'Edgekeep',
    accept: 'text/html,*/*',
    'accept-encoding': 'gzip, br, zstd',
  }
  try {
    const socket = await connectTo(target, AbortSignal.timeout(timeoutMs))
    return await ask(socket, { path: '/', headers }, async (response) => ({
      status: response.statusCode ?? 0,
      headers: response.rawHeaders,
      body: await beginningOf(response, pageBytes + 1),
    }))
  } catch {
    return null
  }
}

function authorityOf({ host, port }: ProbeTarget): string {
  return port === 443 ? host : `${host}:${port}`
}

/** Connection to the edge; other steps judge its certificate. */
function connectTo({ host, port }: ProbeTarget, deadline: AbortSignal): Promise<Socket> {
  const tls = { servername: host, rejectUnauthorized: false }
  return openSocket({ host: '127.0.0.1', port, tls }, deadline)
}
