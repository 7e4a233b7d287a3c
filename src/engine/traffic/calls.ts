import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { AccessLog, AccessLogState } from '../../contract/traffic/traffic.ts'
import { commit } from '../core/commit.ts'
import type { TrafficNeeds, Look } from './traffic.ts'
import { accessLogOn } from '../core/settings.ts'
import { accessLogFile } from './access-log.ts'
import { finished } from 'node:stream/promises'
import type { ExchangeReport, ReportedFields } from '../../edge/protocol/traffic-report.ts'
import { ask, openSocket } from '../core/single-request.ts'
import { pairsOf, isReplayable } from './views.ts'

export async function trafficArchive(
  { traffic }: TrafficNeeds,
  look: Look & { ids?: number[] },
): Promise<File> {
  return new File([await traffic.har(look)], 'edgekeep.har', { type: 'application/json' })
}

/** @throws `edge.not_running`, `traffic.gone`, `traffic.not_replayable`, `traffic.replay_failed` */
export async function replayExchange({ traffic, supervisor }: TrafficNeeds, id: number) {
  const exchange = traffic.exchange(id)
  const { https, http } = supervisor?.status() ?? {}
  if (!https || !http) throw new EdgekeepError('edge.not_running', {})
  return replay(exchange, { https: https.port, http: http.port })
}

export function accessLog({ vault, folder }: TrafficNeeds): AccessLogState {
  return { enabled: accessLogOn.read(vault), file: accessLogFile(folder) }
}

/** Turns the access log on or off; workers report for it from the next exchange on. */
export async function setAccessLog(parts: TrafficNeeds, wanted: AccessLog): Promise<AccessLogState> {
  const before = { enabled: accessLogOn.read(parts.vault) }
  await commit(parts, () => {
    accessLogOn.store(parts.vault, wanted.enabled)
    return { record: { action: 'traffic.access-log', subject: 'access log', before, after: wanted } }
  })
  void parts.traffic.observeAsWanted()
  return accessLog(parts)
}

interface EdgePorts {
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
async function replay(told: ExchangeReport, ports: EdgePorts): Promise<{ status: number; tookMs: number }> {
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
