import '../../platform/tls/peer-certificates.ts'
import type { SendHandle } from 'node:child_process'
import { Edge } from './edge.ts'
import { faultText } from './limits/faults.ts'
import type { HandedListener } from './published-listeners.ts'
import { Meter } from './observe/meter.ts'
import { ListenError } from './bind.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import {
  aliveMs,
  usageMs,
  type Edition,
  type FromWorker,
  type ListenRequest,
  type LogFields,
  type ToWorker,
} from '../protocol/worker-protocol.ts'
import type { TrafficReport } from '../protocol/traffic-report.ts'
import { RecentTraffic, TrafficReporter } from './observe/traffic-reporter.ts'

/**
 * The edge worker's process. It knows what its snapshot says and reports over the process channel;
 * it opens no file but its own limits and those in folders that the snapshot names as origins, and it ends when
 * the channel does.
 */
const meter = new Meter(() => setTimeout(sayUsage, usageMs))
const edge = new Edge({
  observer: meter,
  onFault: (where, error, fields) => sayFault(where, error, fields),
  onFindings: (found) => say({ type: 'findings', found }),
  onPublished: (addresses) => say({ type: 'published', addresses }),
  onStale: (domain) => say({ type: 'stale', domain }),
  onUnknown: (name) => say({ type: 'unknown', name }),
  log: (level, message, fields) => say({ type: 'log', level, message, ...(fields ? { fields } : {}) }),
  onOriginStates: (domain, states) => say({ type: 'origins', domain, states }),
})

process.on('message', (message: ToWorker, handle: SendHandle) => void receive(message, handle))
process.on('disconnect', () => process.exit(0))
say({ type: 'alive', busy: 0 })
let loop = performance.eventLoopUtilization()
setInterval(() => {
  const now = performance.eventLoopUtilization()
  say({ type: 'alive', busy: performance.eventLoopUtilization(now, loop).utilization })
  loop = now
}, aliveMs).unref()
// Ctrl-C in a terminal reaches the whole process group; the engine decides when to end.
process.on('SIGINT', () => undefined)
process.on('uncaughtException', (error) => {
  sayUsage()
  sayFault('The edge worker failed and ends', error, {}, () => process.exit(70))
})

let edition: number | null = null

/** Sockets from the previous worker, held until there is something to serve. */
const handed: HandedListener[] = []

async function receive(message: ToWorker, handle: SendHandle): Promise<void> {
  if (message.type === 'drain') {
    await edge.drain(message)
    // Cut exchanges are counted when their sockets have closed.
    await new Promise((resolve) => setImmediate(resolve))
    await reporter?.end()
    sayUsage(() => process.exit(0))
    return
  }
  if (message.type === 'observe') return observe(message)
  if (message.type === 'hand-over') return handOver()
  if (message.type === 'listener') return void handed.push({ ...message, handle })
  // A change is rejected as a whole; a start must bring back as much as possible.
  const isStart = message.type === 'start'
  const outcome = applyEdition(message.edition, isStart ? sayUnusable : undefined)
  const isApplied = outcome.type === 'applied'
  if (isApplied) edge.useTicketKeys(message.edition.ticketKeys)
  message.edition.ticketKeys.fill(0)
  if (isStart) say(outcome)
  if (isStart && isApplied) await listen(message.listen)
  if (isApplied) await edge.publish()
  if (!isStart) say(outcome)
}

function sayFault(message: string, error: unknown, fields: LogFields = {}, sent?: () => void): void {
  say({ type: 'fault', message, fields: { ...fields, error: faultText(error) } }, sent)
}

const recent = new RecentTraffic()
edge.observe(recent)
let reporter: TrafficReporter | null = null

async function observe({ wanted, call }: Extract<ToWorker, { type: 'observe' }>): Promise<void> {
  const last = reporter
  const send = (reports: TrafficReport[], omitted: number) =>
    new Promise<void>((resolve) => say({ type: 'traffic', reports, omitted }, resolve))
  // A person sees the recent traffic; a log begins when it is turned on.
  const before = recent.take()
  if (wanted === 'fields' && before.length > 0) void send(before, 0)
  reporter = wanted === 'nothing' ? null : new TrafficReporter(wanted === 'fields', send)
  edge.observe(reporter ?? recent)
  await last?.end()
  say({ type: 'observed', call })
}

function sayUnusable(certificate: string, reason: string): void {
  say({
    type: 'log',
    level: 'error',
    message: 'A certificate cannot be served',
    fields: { certificate, reason },
  })
}

function applyEdition(given: Edition, onUnusable?: typeof sayUnusable): FromWorker {
  const { version, certificates } = given.change ?? given.snapshot
  const number = given.edition
  try {
    if (given.snapshot) edge.apply(given.snapshot, onUnusable)
    else if (edition === number - 1) edge.change(given.change)
    else {
      wipe(certificates)
      return { type: 'base-missing', edition: number }
    }
    edition = number
    return { type: 'applied', edition: number, version }
  } catch (error) {
    wipe(certificates)
    const reason = error instanceof Error ? error.message : String(error)
    return { type: 'apply-failed', edition: number, version, reason }
  }
}

function wipe(certificates: Snapshot['certificates']): void {
  for (const { leafKeyPem } of Object.values(certificates)) leafKeyPem.fill(0)
}

async function listen(request: ListenRequest): Promise<void> {
  if (request.heldMs) edge.reportUnserved(request.heldMs, (domains) => say({ type: 'unserved', domains }))
  try {
    const where = handed.length > 0 ? await edge.adopt(handed, request.sharing) : await edge.listen(request)
    say({ type: 'listening', ...where })
  } catch (error) {
    if (!(error instanceof ListenError)) throw error
    say({ type: 'listen-failed', code: error.code, port: error.port })
  }
}

function handOver(): void {
  for (const { handle, ...role } of edge.handles()) say({ type: 'listener', ...role }, undefined, handle)
  say({ type: 'handed-over' })
}

function sayUsage(sent?: () => void): void {
  const report = meter.report()
  if (report) say({ type: 'usage', report }, sent)
  else sent?.()
}

function say(message: FromWorker, sent?: () => void, handle?: SendHandle): void {
  if (process.connected) process.send?.(message, handle, undefined, () => sent?.())
  else sent?.()
}
