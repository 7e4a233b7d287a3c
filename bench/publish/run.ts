import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { followPublication, type PublishProgress } from '../../src/client/follow-publication.ts'
import type { ServerReport } from '../../src/contract/targets/targets.ts'
import { commandLineOf, openTestEngine, originAt } from '../../test/support/engine/engine.ts'
import { noNamespaces } from '../../test/support/publish/network-namespace.ts'
import { end, newSshKey, runSshAgent } from '../../test/support/publish/real-sshd.ts'
import { untilListening } from '../../test/support/publish/until-listening.ts'
import { servedBy } from './served-by.ts'
import { type BenchServer, benchServer, configIn } from './servers.ts'
import type { Visited } from './visitors.ts'

/**
 * A fleet in network namespaces of this machine: `npm run bench -- publish [--domains 1000] [--servers 10]`. Each
 * server is a real nginx and a real sshd behind one link, with a visitor. A first publication; one during which one
 * server is killed, one is partitioned and one has a full disk; and one after their repair. Prints the time, the bytes
 * over the links and the failed requests of each, what each server reported, and what it serves then. Exit status 1 if
 * a request failed at a server that was up, or one serves anything else than it should.
 */
const { values } = parseArgs({
  options: {
    domains: { type: 'string', default: '1000' },
    servers: { type: 'string', default: '10' },
    'only-first': { type: 'boolean', default: false },
  },
})
const [domainCount, serverCount] = [Number(values.domains), Number(values.servers)]
const missing = noNamespaces()
if (missing !== null) {
  process.stderr.write(`Not run: ${missing}.\n`)
  process.exit(2)
}

await using stack = new AsyncDisposableStack()
process.once('SIGINT', () => void stack.disposeAsync().then(() => process.exit(130)))
const folder = mkdtempSync(join(tmpdir(), 'edgekeep-fleet-'))
stack.defer(() => rmSync(folder, { recursive: true, force: true }))
const key = newSshKey(folder, 'user')
const agent = await runSshAgent(key)
stack.defer(() => end(agent.child))
process.env['SSH_AUTH_SOCK'] = agent.socket
const servers: BenchServer[] = []
for (let number = 1; number <= serverCount; number += 1) {
  const server = await benchServer(number, folder, `${key}.pub`)
  stack.defer(() => server.stop())
  await server.start()
  servers.push(server)
}
const opened = await openTestEngine()
stack.defer(() => opened.close())
const { client } = opened
const names = Array.from({ length: domainCount }, (_, at) => `shop${at}.test`)
for (const name of names) await client.domains.add({ name, origin: originAt(3000) })
await commandLineOf(opened).targets.add({
  name: 'fleet',
  kind: 'nginx',
  config: configIn(folder),
  ssh: servers.map(({ address }) => address),
})
const visitors = new Worker(new URL('./visitors.ts', import.meta.url), {
  workerData: { servers: servers.map(({ namespace }) => namespace.inside), names },
})
stack.defer(async () => void (await visitors.terminate()))
note(`${serverCount} servers run, ${domainCount} domains are there`)

let isWrong = false
await measure('first publication', { domains: names, hstsDays: 0 })
if (!values['only-first']) await withFaults()
process.exitCode = isWrong ? 1 : 0

async function withFaults(): Promise<void> {
  const [killed, partitioned, full] = servers.slice(-3)
  if (!killed || !partitioned || !full) throw new Error('Faults need three servers.')
  await client.domains.setPolicies({ domains: names, policies: { hsts: { days: 1 } } })
  full.fill()
  await measure('HSTS changed; one killed, one partitioned, one with a full disk', {
    hstsDays: 0,
    down: [killed, partitioned],
    at: (event) => {
      if (isAt(event, killed, 'write')) killed.kill()
      if (isAt(event, partitioned, 'preflight')) partitioned.namespace.setLink('down')
    },
  })
  full.free()
  partitioned.namespace.setLink('up')
  await killed.start()
  await untilListening({ host: killed.namespace.inside, port: 443 })
  await visited()
  await measure('all repaired', { hstsDays: 1 })
}

function isAt(event: PublishProgress, { address }: BenchServer, step: string): boolean {
  return event.type === 'running' && event.server === address && event.step === step
}

interface Scene {
  domains?: string[]
  /** HSTS that every server has to answer then. */
  hstsDays: number
  /** Servers that are down then. */
  down?: BenchServer[]
  at?: (event: PublishProgress) => void
}

async function measure(title: string, scene: Scene): Promise<void> {
  const { domains = [], hstsDays, down = [], at } = scene
  await visited()
  const [began, processor, bytesBefore] = [performance.now(), process.cpuUsage(), bytes()]
  const load = loadavg()[0] ?? 0
  const events = await client.targets.publish({ target: 'fleet', domains })
  const reports = await followPublication(events, (event) => {
    if (event.type === 'step') note(`${event.server} ${event.step.step}${event.step.ok ? '' : ' failed'}`)
    at?.(event)
  })
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(processor)
  const { answered, failed } = await visited()
  const up = servers.filter((server) => !down.includes(server))
  // Nothing is served before the first publication.
  const failures = domains.length > 0 ? [] : up.flatMap(({ namespace }) => failed[namespace.inside] ?? [])
  const row = {
    seconds: Math.round(seconds),
    'seconds of the engine’s processor': Math.round((user + system) / 1e6),
    'MB over the links': Math.round((bytes() - bytesBefore) / 1e6),
    'requests answered': answered,
    'requests failed': failures.length,
    'load before, after': `${load.toFixed(1)}, ${(loadavg()[0] ?? 0).toFixed(1)}`,
  }
  console.log(title, row)
  for (const [server, served] of await servedBy(servers, names)) {
    console.log(`  ${server.address}: ${reportOf(reports, server)}; serves ${served}`)
    if (up.includes(server) && served !== `HSTS of ${hstsDays} days for all`) isWrong = true
  }
  if (failures.length > 0) isWrong = true
  for (const failure of failures.slice(0, 5)) console.log(`  ${failure}`)
}

function bytes(): number {
  return servers.reduce((sum, { namespace }) => sum + namespace.bytes(), 0)
}

function reportOf(reports: readonly ServerReport[], { address }: BenchServer): string {
  const report = reports.find(({ server }) => server === address)
  const failed =
    report?.steps.filter(({ ok }) => !ok).map(({ step, sentence }) => `${step}: ${sentence}`) ?? []
  return [report?.state, ...failed].join(', ')
}

function visited(): Promise<Visited> {
  const answer = new Promise<Visited>((resolve) => visitors.once('message', resolve))
  visitors.postMessage('report')
  return answer
}

function note(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
}
