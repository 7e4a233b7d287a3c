import { originDefaults, type ServerOrigin } from '../../../contract/domains/domains.ts'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import { devServerHint, curingHost } from '../../../domain/dev-servers.ts'
import { formatOrigin } from '../../../domain/origin-text.ts'
import type { Home } from '../../../engine-process/home.ts'
import { printError, printLine } from '../../output/output.ts'
import { childEnvironment } from './child-environment.ts'
import { type ChildOutput, startChild, type StartedChild } from './child-process.ts'
import { followPort, freePort, loopbackOf, speaksTls } from './follow-port.ts'
import { emit, isUnknown, adviceLines, movedMessage } from './run-messages.ts'
import { openRunRecord } from './run-records.ts'
import { type RunPlan, type Service, argvWithPort } from './run-plan.ts'
import { serveRun, type ServedRun, trustAndSiblings } from './serve-run.ts'
import { offerTrust, printTrust } from './trust-offer.ts'

interface Wanted extends RunPlan {
  home: Home
  /** Environment of the person. */
  given: NodeJS.ProcessEnv
  port: number | undefined
  json: boolean
}

interface RunningService {
  service: Service
  port: number
  served: ServedRun | null
  child: StartedChild
  isReady: boolean
  /** The first service with a domain. */
  isFirst: boolean
}

/**
 * Starts the services, each behind its domain, and waits for their end. When one ends or fails, all do.
 * Returns the exit status of the first that ended, or the failure of the engine.
 */
export async function runServices(
  wanted: Wanted,
  engineEnd: Promise<EdgekeepError | null>,
): Promise<number | EdgekeepError> {
  const signals = listenForSignals()
  const record = await openRunRecord(wanted.home, wanted)
  const stopping = new AbortController()
  const served: Placed[] = []
  const running: RunningService[] = []
  try {
    for (const service of wanted.services) served.push(await place(wanted, service))
    const [first] = served.flatMap(({ run }) => run ?? [])
    if (first) await offerTrust(wanted, first.client())
    for (const one of served) running.push(await begin(wanted, one, served))
    const note = () => noteRun(record, running)
    await Promise.all(running.map(({ child }) => child.tree.refresh()))
    note()
    for (const one of running) void follow(wanted, one, { signal: stopping.signal, note })
    const late = setTimeout(() => sayLate(wanted, running), lateAfterMs).unref()
    const timer = setInterval(note, noteEveryMs)
    const firstEnded = firstEnd(running)
    const outcome = await Promise.race([firstEnded, engineEnd.then((error) => ({ error }))])
    clearInterval(timer)
    clearTimeout(late)
    if ('status' in outcome) return sayEnd(wanted, outcome)
    await stopAll(running, signals.haveReachedServers())
    return outcome.error ?? (await firstEnded).status
  } finally {
    stopping.abort()
    await stopAll(running)
    await Promise.all(running.map(async ({ child, served: run }) => run?.point(null, await child.ended)))
    await Promise.all(served.map(async ({ run }) => run?.end()))
    record.remove()
    signals.close()
  }
}

/** Status of the first that ended; a program that only builds may end well before the servers. */
function firstEnd(running: RunningService[]): Promise<End> {
  const ends = running.map(async ({ child, served, service }) => {
    const status = await child.ended
    return served || status !== 0 ? { service, status } : new Promise<never>(() => undefined)
  })
  const all = Promise.all(running.map(({ child }) => child.ended)).then(() => ({ status: 0 }))
  return Promise.race([...ends, all])
}

interface End {
  /** Absent: all have ended well. */
  service?: Service
  status: number
}

function sayEnd(wanted: Wanted, { service, status }: End): number {
  if (service) {
    const name = wanted.services.length > 1 ? service.name : 'The server'
    emit(wanted, { type: 'end', service: service.name, status }, `${name} ended with exit status ${status}.`)
  }
  return status
}

const noteEveryMs = 2000
const lateAfterMs = 30_000

function noteRun(record: Awaited<ReturnType<typeof openRunRecord>>, running: RunningService[]): void {
  const services = running.map(({ service, served }) => ({
    name: service.name,
    address: served?.run.address ?? null,
  }))
  record.note(
    services,
    running.flatMap(({ child }) => child.tree.known().map(({ pid, start }) => ({ pid, start }))),
  )
}

/** Signals are for the servers; a second one must not end this process before them. */
function listenForSignals() {
  let last: NodeJS.Signals | null = null
  const hear = (signal: NodeJS.Signals) => void (last = signal)
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of names) process.on(name, hear)
  return {
    /** Ctrl-C at a terminal. */
    haveReachedServers: () => last === 'SIGINT' && process.stdin.isTTY,
    close: () => names.forEach((name) => process.off(name, hear)),
  }
}

async function stopAll(running: RunningService[], areEnding = false): Promise<void> {
  await Promise.all(running.map(({ child }) => (areEnding ? child.ended : child.stop())))
}

interface Placed {
  service: Service
  port: number
  run: ServedRun | null
}

/** Gives a service its port and its domain, before any of them starts, since each gets all addresses. */
async function place({ home, port: given, json, ...wanted }: Wanted, service: Service): Promise<Placed> {
  const port = given ?? (await freePort())
  if (service.names.length === 0) return { service, port, run: null }
  const { project, fileFolder, branch } = wanted
  const { name, names } = service
  const place = { project, fileFolder, branch, service: name, names }
  const input = { ...place, origin: originAt(service, { port }), listens: false }
  return { service, port, run: await serveRun(home, input, movedMessage({ json })) }
}

interface Place {
  port: number
  host?: string
  isTls?: boolean
}

/** The certificate of a server that serves HTTPS itself is its own, and this connection stays on the loopback. */
function originAt(
  { framework, names: [name = ''] }: Service,
  { port, host = '127.0.0.1', isTls = false }: Place,
): ServerOrigin {
  const hint = isUnknown(name) && framework?.kind ? devServerHint(framework.kind, name) : null
  return {
    ...originDefaults,
    protocol: isTls ? 'https' : 'http',
    verify: !isTls,
    host,
    httpPort: port,
    httpsPort: isTls ? port : 443,
    hostHeader: hint?.isCuredByHost ? curingHost : null,
  }
}

async function begin(wanted: Wanted, { service, port, run }: Placed, all: Placed[]): Promise<RunningService> {
  const argv = argvWithPort(service, port)
  const ownRuns = all.flatMap((each) => (each.run ? [each.run.run] : []))
  const client = all.find((each) => each.run)?.run?.client()
  const { trust, siblings } = client
    ? await trustAndSiblings(client, wanted.project)
    : { trust: [], siblings: [] }
  const env = childEnvironment(service, {
    project: wanted.project,
    port,
    own: run?.run,
    siblings: [...siblings, ...ownRuns],
    trust,
    given: wanted.given,
  })
  const label = wanted.services.length > 1 ? `${service.name}: ` : ''
  if (!wanted.json) printError(`edgekeep: Running ${label}${argv.join(' ')}`)
  const output = outputOf(wanted, service)
  if (typeof output === 'object' && process.stdout.isTTY) env['FORCE_COLOR'] ??= '1'
  const child = await startChild(argv, { folder: service.folder, env, output })
  if (wanted.json) printLine(JSON.stringify({ type: 'start', service: service.name, command: argv }))
  return { service, port, served: run, child, isReady: false, isFirst: run?.run === ownRuns[0] }
}

function outputOf({ services, json }: Wanted, { name }: Service): ChildOutput {
  if (json) return 'stderr'
  if (services.length === 1) return 'terminal'
  const width = Math.max(...services.map((service) => service.name.length))
  return { prefix: `${name.padEnd(width)} | ` }
}

/** Points the domain to the port on which the server listens, as often as that changes. */
async function follow(
  wanted: Wanted,
  one: RunningService,
  { signal, note }: { signal: AbortSignal; note: () => void },
): Promise<void> {
  const { service, served, child, port } = one
  if (!served) return
  for await (const socket of followPort(child.tree, port, signal)) {
    note()
    if (!socket) {
      await served.point(null)
      continue
    }
    const isTls = service.framework?.mayServeTls === true && (await speaksTls(socket))
    const origin = originAt(service, { port: socket.port, host: loopbackOf(socket), isTls })
    await served.point(origin)
    if (one.isReady) continue
    one.isReady = true
    sayReady(wanted, one, origin)
    if (one.isFirst) await printTrust(wanted, served.client())
  }
}

/** A server in a container listens by another program's process. */
function sayLate(wanted: Wanted, running: RunningService[]): void {
  for (const { service, served, isReady } of running) {
    if (!served || isReady) continue
    const note = `${service.name} does not listen yet. Its address answers a page until then. If another program listens for it, such as a container, give that port to "edgekeep run --attach PORT".`
    emit(wanted, { type: 'note', service: service.name, note }, note)
  }
}

function sayReady(wanted: Wanted, { service, served }: RunningService, to: ServerOrigin): void {
  if (!served) return
  const { address, domain } = served.run
  const origin = formatOrigin(to)
  const framework = service.framework?.name ?? null
  const ready = { type: 'ready', service: service.name, address, origin, framework }
  emit(wanted, ready, `${address} → ${origin}${framework === null ? '' : ` (${framework})`}`)
  for (const line of adviceLines(service, domain))
    emit(wanted, { type: 'note', service: service.name, note: line }, line)
}
