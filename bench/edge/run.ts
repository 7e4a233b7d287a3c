import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measures, type Figures } from './measures.ts'
import { isInstalled } from './processes.ts'
import { canDo, peerNames } from './peers.ts'
import { makeAvailable, prepare, startOrigin, startPeer } from './servers.ts'

/**
 * The edge beside its peers on one machine: interleaved rounds, medians, a table and JSON.
 *
 *   node bench/edge/run.ts [--rounds 3] [--scale 1] [--peers edgekeep,nginx] [--only HTTP/2] [--json FILE]
 *
 * `edgekeep-2` is the edge with two workers. What npm has to compare with is installed into a temporary folder.
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

const folder = mkdtempSync(join(tmpdir(), 'edge-bench-'))
const seen = new Map<string, Map<string, Figures[]>>()
const peers: string[] = []

try {
  await prepare(folder)
  for (const peer of values.peers.split(',')) {
    if (await makeAvailable(peer, folder)) peers.push(peer)
    else console.error(`${peer} is not there and left out.`)
  }
  const origin = await startOrigin(folder)
  try {
    for (let round = 1; round <= Number(values.rounds); round += 1) await runRound(round)
  } finally {
    origin.stop()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
report()

async function runRound(round: number): Promise<void> {
  for (const measure of measures(Number(values.scale), folder)) {
    if (!measure.name.includes(values.only)) continue
    for (const peer of peers) {
      if (!canDo(peer, measure.name)) continue
      const server = await startPeer(peer, folder, measure)
      try {
        const figures = await measure.take(server)
        const byPeer = seen.get(measure.name) ?? new Map<string, Figures[]>()
        seen.set(measure.name, byPeer.set(peer, [...(byPeer.get(peer) ?? []), figures]))
      } finally {
        server.stop()
      }
    }
    console.error(`round ${round}: ${measure.name}`)
  }
}

function report(): void {
  const rows: Record<string, Record<string, Figures>> = {}
  for (const [name, byPeer] of seen) {
    rows[name] = Object.fromEntries([...byPeer].map(([peer, all]) => [peer, medians(all)]))
    console.log(`\n${name}`)
    console.table(
      Object.fromEntries(Object.entries(rows[name]).map(([peer, figures]) => [peer, rounded(figures)])),
    )
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`)
}

function medians(all: Figures[]): Figures {
  return Object.fromEntries(
    Object.keys(all[0] ?? {}).map((name) => [name, median(all.map((figures) => figures[name] ?? 0))]),
  )
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function rounded(figures: Figures): Figures {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(3))]),
  )
}
