import { finished } from 'node:stream/promises'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { ExchangeReport, ReportedFields } from '../../edge/protocol/traffic-report.ts'
import { ask, openSocket } from '../core/single-request.ts'
import { pairsOf, isReplayable } from './views.ts'

export interface EdgePorts {
  https: number
  http: number
}

const loopback = '127.0.0.1'
const timeoutMs = 30_000

/** Fields of the original connection. */
const ofTheConnection = new Set(
  'host connection keep-alive proxy-connection te trailer transfer-encoding content-length upgrade expect'.split(
    ' ',
  ),
)

/**
 * Repeats a request through the edge over HTTP/1.1, otherwise unchanged. Accepts any certificate, since the
 * edge is on this machine. Discards the response: it shows up as traffic.
 * @throws EdgekeepError `traffic.not_replayable`, `traffic.replay_failed`
 */
export async function replay(
  told: ExchangeReport,
  ports: EdgePorts,
): Promise<{ status: number; tookMs: number }> {
  if (!isReplayable(told)) throw new EdgekeepError('traffic.not_replayable', {})
  const started = performance.now()
  try {
    const status = await send(told, ports)
    return { status, tookMs: performance.now() - started }
  } catch (error) {
    const { code } = error as { code?: unknown }
    const reason = typeof code === 'string' ? code : 'no answer'
    throw new EdgekeepError('traffic.replay_failed', { reason }, { cause: error })
  }
}

async function send(
  { method, target, host, secure, request }: ExchangeReport,
  ports: EdgePorts,
): Promise<number> {
  const where = { host: loopback, port: secure ? ports.https : ports.http }
  const tls = { servername: host.replace(/:\d+$/, ''), rejectUnauthorized: false }
  const socket = await openSocket(secure ? { ...where, tls } : where, AbortSignal.timeout(timeoutMs))
  const headers = ['host', host, ...sentFields(request)]
  return ask(socket, { method, path: target, headers }, async (response) => {
    await finished(response.resume())
    return response.statusCode ?? 0
  })
}

function sentFields(request: ReportedFields | null): string[] {
  const pairs = pairsOf(request?.fields ?? [])
  return pairs.filter(([name]) => !ofTheConnection.has(name.toLowerCase())).flat()
}
