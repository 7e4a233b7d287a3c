import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measures, type Figures, type Measure } from './measures.ts'
import { isInstalled } from './processes.ts'
import { canDo, peerNames } from './peers.ts'
import { busyBeforehand, isQuiet, machineLine } from './quiet.ts'
import { makeAvailable, prepare, startOrigin, startPeer, type BenchServer } from './servers.ts'

/**
 * The edge beside its peers on one machine: interleaved rounds, medians, ratios per round, a table and JSON.
 *
 *   node bench/edge/run.ts [--rounds 3] [--scale 1] [--peers edgekeep,nginx] [--only HTTP/2] [--json FILE]
 *                          [--before CHECKOUT] [--quiet-check]
 *
 * `edgekeep-2` is the edge with two workers, compared with `nginx-2`, which has two as well; `before` is the
 * checkout of `--before`. Peers from npm are installed into a temporary folder.
 *
 * `bare` is the floor: Node's TLS and HTTP/2 without our code; `bare-own` has the edge's HTTP/2 instead.
 * `--quiet-check` refuses a busy machine; the load is printed in any case.
 *
 * Compare ratios of one run, and CPU seconds before wall time: the load tool shares the machine.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    scale: { type: 'string', default: '1' },
    peers: { type: 'string', default: peerNames.join() },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
    before: { type: 'string' },
    'quiet-check': { type: 'boolean', default: false },
  },
})

for (const tool of ['nginx', 'wrk', 'h2load', 'curl']) {
  if (!(await isInstalled(tool))) {
    console.error(
      `This benchmark needs ${tool}: apt-get install nginx wrk nghttp2-client curl (and haproxy, caddy to compare).`,
    )
    process.exit(2)
  }
}

const busy = await busyBeforehand()
if (values['quiet-check'] && !isQuiet(busy)) {
  console.error(
    `The machine is ${Math.round(busy * 100)} % busy with something else. Figures of it would flatter.`,
  )
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'edge-bench-'))
const rows: Record<string, Record<string, Figures>> = {}
const peers: string[] = []

try {
  await prepare(folder, values.before)
  for (const peer of values.peers.split(',')) {
    if (await makeAvailable(peer, folder)) peers.push(peer)
    else console.error(`${peer} is not there and left out.`)
  }
  const origin = await startOrigin(folder)
  try {
    for (const measure of measures(Number(values.scale), folder)) {
      if (measure.name.includes(values.only)) await take(measure)
    }
  } finally {
    origin.stop()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`\n${machineLine(busy)}`)
if (values.json)
  writeFileSync(
    values.json,
    `${JSON.stringify({ node: process.version, machine: machineLine(busy), rows }, null, 2)}\n`,
  )

/** Measures all servers in turns, so that other load on the machine affects them alike. */
async function take(measure: Measure): Promise<void> {
  const byPeer = new Map<string, Figures[]>()
  const servers = new Map<string, BenchServer>()
  try {
    for (let round = 1; round <= Number(values.rounds); round += 1) {
      for (const peer of peers) {
        if (!canDo(peer, measure.name)) continue
        const server = servers.get(peer) ?? (await startPeer(peer, folder, measure))
        servers.set(peer, server)
        byPeer.set(peer, [...(byPeer.get(peer) ?? []), await measure.take(server)])
        if (!measure.isFresh) continue
        server.stop()
        servers.delete(peer)
      }
      console.error(`${measure.name}: round ${round}`)
    }
  } finally {
    for (const server of servers.values()) server.stop()
  }
  report(measure.name, byPeer)
}

/** Prints each measure at its end, so that an aborted run still has results. */
function report(name: string, byPeer: Map<string, Figures[]>): void {
  const medianOf = Object.fromEntries([...byPeer].map(([peer, all]) => [peer, medians(all)]))
  rows[name] = medianOf
  const besideNginx = ratios(byPeer)
  console.log(`\n${name}`)
  console.table(
    Object.fromEntries(
      Object.entries(medianOf).map(([peer, figures]) => [
        peer,
        rounded({ ...figures, ...besideNginx[peer] }),
      ]),
    ),
  )
}

/**
 * Figures for which less is better, as a multiple of nginx's in the same round: the median of the rounds. Two
 * workers are compared with two.
 */
function ratios(byPeer: Map<string, Figures[]>): Record<string, Figures> {
  const ofPeer = (peer: string, all: Figures[]): Figures => {
    const nginx = byPeer.get(peer.endsWith('-2') ? 'nginx-2' : 'nginx')
    if (!nginx) return {}
    return Object.fromEntries(
      Object.keys(all[0] ?? {})
        .filter((name) => /^(CPU|p50|p99|MB with)/.test(name))
        .map((name) => [
          `${name} × nginx`,
          median(all.map((figures, round) => (figures[name] ?? NaN) / (nginx[round]?.[name] ?? NaN))),
        ]),
    )
  }
  return Object.fromEntries([...byPeer].map(([peer, all]) => [peer, ofPeer(peer, all)]))
}

function medians(all: Figures[]): Figures {
  return Object.fromEntries(
    Object.keys(all[0] ?? {}).map((name) => [name, median(all.map((figures) => figures[name] ?? 0))]),
  )
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2
}

function rounded(figures: Figures): Figures {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(3))]),
  )
}
