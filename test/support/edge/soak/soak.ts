import { setTimeout as delay } from 'node:timers/promises'
import { Supervisor } from '../../../../src/edge/supervisor/supervisor.ts'
import { workerEntry } from '../built-worker.ts'
import { freePort } from '../../free-port.ts'
import { createTestAuthority, issueTestLeaf } from '../../pki/certificates.ts'
import { routeTo, servingCertificates } from '../edge.ts'
import { sourceOf } from '../snapshot-source.ts'
import { defaultPolicies } from '../../../../src/contract/domains/policies.ts'
import type { Route } from '../../../../src/edge/protocol/snapshot.ts'
import { HostileOrigins } from './hostile-origin.ts'
import { Corrupt, type Target, type Work } from './clients.ts'
import { SoakOrigin } from './origin.ts'
import { holdingOf, openConnections, type Holding } from './processes.ts'

export interface SoakOptions {
  kinds: Record<string, () => Work>
  /** Clients of each kind. */
  clients: number
  workers: number
  /** Limits of the run: time, and requests at the origin. */
  seconds: number
  requests?: number
  swapEveryMs: number
  /** In the first two fifths of the time; absent: never. */
  originRestartEveryMs?: number
  workerKillEveryMs?: number
  /** Seed of hostile clients and origins; absent: there are none. */
  hostileSeed?: number
}

export interface SoakSummary {
  seconds: number
  requests: number
  /** Seed to repeat the run; null without hostile peers. */
  hostileSeed: number | null
  hostileAnswers: number
  /** Counts by kind of work: done, and failed during a kill or restart. */
  work: Record<string, { done: number; excused: number }>
  swaps: number
  originRestarts: number
  workerKills: number
  /** Unexcused failures, hangs and wrong answers. */
  faults: string[]
  /** Largest worker, after the last kill and at the end. */
  mebibytes: { first: number; last: number }
  /** Largest worker: before any connection, and after the last. */
  descriptors: { before: number; after: number }
  /** Counts by listener. */
  connectionsLeft: { https: number; http: number; origin: number }
}

const authority = createTestAuthority()
const domains = ['shop.test', 'plain.test', 'hostile.test', 'hostile-2.test']
/** Long enough for a slow machine: only a hang lasts longer. */
const hangsAfterMs = 120_000
/** Time to detect connections to closed listeners. */
const graceMs = 1_000

/** Drives the edge with every kind of client during disturbances, and reports what was left behind. */
export async function soak(options: SoakOptions): Promise<SoakSummary> {
  // Ports outside the ephemeral range: no other process takes them while a worker restarts.
  const run = new Soak(options, { httpsPort: await freePort(), httpPort: await freePort() })
  try {
    await run.start()
    return await run.go()
  } finally {
    await run.close()
  }
}

interface EdgePorts {
  httpsPort: number
  httpPort: number
}

class Soak {
  readonly #options: SoakOptions
  readonly #origin = new SoakOrigin()
  readonly #hostile: HostileOrigins | null
  readonly #leaves = ['a', 'b'].map(() => issueTestLeaf(authority, { names: domains }))
  readonly #supervisor: Supervisor
  readonly #summary: SoakSummary
  readonly #disturbances: { from: number; until: number }[] = []
  #startedAt = 0
  #version = 0
  #isOver = false

  constructor(options: SoakOptions, ports: EdgePorts) {
    this.#options = options
    this.#hostile = options.hostileSeed === undefined ? null : new HostileOrigins(options.hostileSeed)
    this.#summary = {
      seconds: 0,
      requests: 0,
      hostileSeed: options.hostileSeed ?? null,
      hostileAnswers: 0,
      work: Object.fromEntries(Object.keys(options.kinds).map((kind) => [kind, { done: 0, excused: 0 }])),
      swaps: 0,
      originRestarts: 0,
      workerKills: 0,
      faults: [],
      mebibytes: { first: 0, last: 0 },
      descriptors: { before: 0, after: 0 },
      connectionsLeft: { https: 0, http: 0, origin: 0 },
    }
    this.#supervisor = this.#createSupervisor(ports)
  }

  async start(): Promise<void> {
    await this.#origin.start()
    await this.#hostile?.start()
    await this.#supervisor.start()
  }

  async go(): Promise<SoakSummary> {
    const summary = this.#summary
    summary.descriptors.before = this.#most('descriptors')
    this.#startedAt = Date.now()
    const clients = Object.entries(this.#options.kinds).flatMap(([kind, create]) =>
      Array.from({ length: this.#options.clients }, () => this.#client(kind, create())),
    )
    const memory: number[] = []
    const others = [
      this.#every(this.#options.swapEveryMs, () => this.#swap()),
      this.#every(this.#options.originRestartEveryMs, () => this.#restartOrigin(), 0.4),
      this.#every(this.#options.workerKillEveryMs, () => this.#killWorker(), 0.4),
      this.#every(500, async () => {
        if (this.#elapsed() > 0.5) memory.push(this.#most('mebibytes'))
      }),
    ]
    while (this.#elapsed() < 1) await delay(100)
    this.#isOver = true
    await Promise.all([...clients, ...others])
    summary.seconds = Math.round((Date.now() - this.#startedAt) / 1000)
    summary.requests = this.#origin.requests
    summary.hostileAnswers = this.#hostile?.answers ?? 0
    const third = Math.ceil(memory.length / 3)
    summary.mebibytes = { first: median(memory.slice(0, third)), last: median(memory.slice(-third)) }
    // Stops the hostile origins before the count: connections that the edge keeps for them are theirs to
    // close.
    this.#hostile?.stop()
    await this.#settle()
    const unasked = this.#supervisor.status().restarts - summary.workerKills
    if (unasked > 0) summary.faults.push(`${unasked} workers exited unexpectedly`)
    return summary
  }

  async close(): Promise<void> {
    this.#isOver = true
    await this.#supervisor.close()
    this.#origin.stop()
    this.#hostile?.stop()
  }

  #createSupervisor(ports: EdgePorts): Supervisor {
    return new Supervisor({
      workerEntry,
      workers: this.#options.workers,
      listen: { addresses: ['127.0.0.1'], ...ports },
      portTaken: 'fail',
      source: sourceOf(() => ({
        version: (this.#version += 1),
        routes: [
          routeTo(this.#origin.port),
          routeTo(this.#origin.port, { domain: 'plain.test', redirect: { mode: 'https', code: 301 } }),
          ...this.#hostileRoutes(),
        ],
        certificates: servingCertificates({ shop: this.#leaves[this.#summary.swaps % 2]! }),
        publicPorts: { https: 443, http: 80 },
        extraOriginAnchors: [],
        vaultFolder: '/nowhere',
        staples: {},
      })),
      log: {
        info() {},
        warn() {},
        error: (fields, message) => {
          if (!/exited unexpectedly/.test(message)) this.#fault(`${message} ${JSON.stringify(fields)}`)
        },
      },
      changed() {},
    })
  }

  /** Their answers are looked through as well, which is the most that can be done with one. */
  #hostileRoutes(): Route[] {
    if (!this.#hostile) return []
    const policies = { ...defaultPolicies, findings: { watch: true } }
    return [
      routeTo(this.#hostile.http1Port, { domain: 'hostile.test', policies }),
      routeTo(this.#hostile.http2Port, { domain: 'hostile-2.test', policies, origin: { protocol: 'h2c' } }),
    ]
  }

  /** Share of the time or of the requests, from 0 to 1. */
  #elapsed(): number {
    const { seconds, requests = Infinity } = this.#options
    return Math.max((Date.now() - this.#startedAt) / (seconds * 1000), this.#origin.requests / requests)
  }

  async #every(everyMs: number | undefined, act: () => Promise<void>, share = 1): Promise<void> {
    if (everyMs === undefined) return
    for (let next = Date.now() + everyMs; !this.#isOver && this.#elapsed() < share;) {
      if (Date.now() < next) await delay(20)
      else {
        next += everyMs
        await act().catch((error: unknown) => this.#fault(String(error)))
      }
    }
  }

  async #swap(): Promise<void> {
    this.#summary.swaps += 1
    await this.#supervisor.apply()
  }

  async #restartOrigin(): Promise<void> {
    await this.#disturb(async () => {
      this.#origin.stop()
      await delay(200)
      await this.#origin.start()
    })
    this.#summary.originRestarts += 1
  }

  async #killWorker(): Promise<void> {
    const { workerPids } = this.#supervisor.status()
    const pid = workerPids[this.#summary.workerKills % workerPids.length]
    if (pid === undefined) return
    await this.#disturb(async () => {
      process.kill(pid, 'SIGKILL')
      this.#summary.workerKills += 1
      while (this.#supervisor.status().workerPids.includes(pid) || !this.#areAllBack()) await delay(10)
    })
  }

  #areAllBack(): boolean {
    const { workerPids, state } = this.#supervisor.status()
    return state === 'running' && workerPids.length === this.#options.workers
  }

  async #disturb(act: () => Promise<void>): Promise<void> {
    const disturbance = { from: Date.now(), until: Infinity }
    this.#disturbances.push(disturbance)
    await act()
    disturbance.until = Date.now() + graceMs
  }

  async #client(kind: string, work: Work): Promise<void> {
    const tally = this.#summary.work[kind]
    while (!this.#isOver && tally) {
      const startedAt = Date.now()
      try {
        await withinTime(work(this.#target()))
        tally.done += 1
      } catch (error) {
        if (error instanceof Corrupt || error instanceof Hung || !this.#isExcused(startedAt))
          this.#fault(`${kind}: ${String(error)} (${this.#circumstances(startedAt)})`)
        else tally.excused += 1
        await delay(20)
      }
    }
  }

  #target(): Target {
    const { https, http } = this.#supervisor.status()
    return { httpsPort: https?.port ?? 0, httpPort: http?.port ?? 0, ca: authority.certificatePem }
  }

  #isExcused(startedAt: number): boolean {
    return this.#disturbances.some(({ from, until }) => from < Date.now() && until > startedAt)
  }

  /** Times of a failure: in the run, of the work itself, and since the last disturbance; in ms. */
  #circumstances(startedAt: number): string {
    const now = Date.now()
    const last = Math.max(...this.#disturbances.map(({ until }) => until))
    return `at ${now - this.#startedAt} ms, after ${now - startedAt} ms, ${now - last} ms from a disturbance`
  }

  #fault(text: string): void {
    if (this.#summary.faults.length < 50) this.#summary.faults.push(text)
  }

  #most(what: keyof Holding): number {
    return Math.max(...this.#supervisor.status().workerPids.map((pid) => holdingOf(pid)[what]))
  }

  /** Waits until idle connections are closed, up to their longest timeout. */
  async #settle(): Promise<void> {
    const { httpsPort, httpPort } = this.#target()
    for (const endAt = Date.now() + 15_000; ; await delay(100)) {
      const left = {
        https: openConnections(httpsPort),
        http: openConnections(httpPort),
        origin: openConnections(this.#origin.port),
      }
      this.#summary.connectionsLeft = left
      this.#summary.descriptors.after = this.#most('descriptors')
      const isClean =
        left.https + left.http + left.origin === 0 &&
        this.#summary.descriptors.after <= this.#summary.descriptors.before
      if (isClean || Date.now() > endAt) return
    }
  }
}

class Hung extends Error {}

async function withinTime(work: Promise<void>): Promise<void> {
  const called = new AbortController()
  const late = delay(hangsAfterMs, undefined, { signal: called.signal }).then(() => {
    throw new Hung(`not done after ${hangsAfterMs / 1000} s`)
  })
  late.catch(() => undefined)
  await Promise.race([work, late]).finally(() => called.abort())
}

function median(numbers: number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}
