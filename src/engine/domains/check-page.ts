import type { IncomingMessage } from 'node:http'
import type { CheckReport, Domain } from '../../contract/domains/domains.ts'
import { headerFindings } from '../../edge/worker/findings/header-findings.ts'
import { pageBytes } from '../../edge/worker/findings/page-text.ts'
import { htmlFindings, isHtml } from '../../edge/worker/findings/read-page.ts'
import { ask, openSocket } from '../core/single-request.ts'
import type { DomainNeeds } from './needs.ts'
import type { FoundAt } from '../../edge/protocol/worker-protocol.ts'

const timeoutMs = 10_000

/** Fetches the first page like a browser, and looks for findings, also in unwatched domains. */
export async function checkPage(
  parts: DomainNeeds,
  domain: Domain,
  { host, port }: { host: string; port: number },
): Promise<CheckReport['steps']> {
  parts.metering.exempt(domain.name, 1)
  const answer = await fetchPage(host, port)
  if (!answer) {
    parts.metering.exempt(domain.name, -1)
    return []
  }
  const hstsDays = domain.policies.hsts.days
  const found = headerFindings({
    secure: true,
    host: port === 443 ? host : `${host}:${port}`,
    hostname: host,
    target: '/',
    status: answer.status,
    headers: answer.headers,
    redirectMode: domain.redirect.mode,
    isHsts: (hstsDays ?? 0) > 0,
  }).filter(({ kind }) => kind !== 'hsts.from-origin' || hstsDays === null)
  const inPage = isHtml(answer.headers) ? await htmlFindings(answer.body, answer.headers) : []
  const path = host === domain.name ? '/' : `${host}/`
  const all = [...found, ...inPage].map((one): FoundAt => ({ ...one, domain: domain.name, path, count: 1 }))
  // A redirect to HTTP in the domain's own settings is no finding.
  const own = domain.redirect.mode === 'http' ? all.filter(({ kind }) => !kind.startsWith('redirect.')) : all
  parts.findings.add(own)
  return own.length === 0 ? [] : [findingsStep(own, domain.displayName)]
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
  return { ...step, ok: true, seen: `${findings}. See the tab Findings, or "edgekeep findings ${domain}".` }
}

interface Page {
  status: number
  /** Names and values alternate. */
  headers: string[]
  /** Start of the body, one byte longer than the inspected part if there is more. */
  body: Buffer
}

/** Null on a timeout, which other steps report. */
async function fetchPage(host: string, port: number): Promise<Page | null> {
  const headers = {
    host: port === 443 ? host : `${host}:${port}`,
    'user-agent': 'Edgekeep',
    accept: 'text/html,*/*',
    'accept-encoding': 'gzip, br, zstd',
  }
  const tls = { servername: host, rejectUnauthorized: false }
  try {
    const socket = await openSocket({ host: '127.0.0.1', port, tls }, AbortSignal.timeout(timeoutMs))
    return await ask(socket, { path: '/', headers }, async (response) => ({
      status: response.statusCode ?? 0,
      headers: response.rawHeaders,
      body: await beginningOf(response),
    }))
  } catch {
    return null
  }
}

async function beginningOf(response: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece.subarray(0, pageBytes + 1 - size))
    size += piece.length
    if (size > pageBytes) break
  }
  return Buffer.concat(pieces)
}
