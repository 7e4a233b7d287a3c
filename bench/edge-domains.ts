import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { defaultPolicies } from '../src/contract/domains/policies.ts'
import { RouteTable } from '../src/edge/worker/policies/routes.ts'
import { createServing } from '../src/engine/serving/serving.ts'
import type { EngineParts } from '../src/engine/engine-parts.ts'
import type { Vault } from '../src/engine/vault/vault.ts'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../test/support/pki/certificates.ts'
import { openTestEngine, originAt, temporaryFolder, testEdge } from '../test/support/engine/engine.ts'
import { certificateRow } from '../test/support/vault/vault-rows.ts'

/**
 * Costs of many domains: `npm run bench -- domains [--domains 1000,10000,100000 --certificates 1000 --json
 * FILE]`. A real engine on a real vault with a worker process; milliseconds are medians. `change` is one call
 * that changes one domain's origin, until its worker has it in effect; `of that the edge` is the diff, its
 * transfer and the worker's acknowledgement.
 */
const { values } = parseArgs({
  options: {
    domains: { type: 'string', default: '1000,10000,100000' },
    certificates: { type: 'string', default: '1000' },
    json: { type: 'string' },
  },
})

const authority = createTestAuthority()
const leaves = Array.from({ length: Number(values.certificates) }, (_, at) =>
  issueTestLeaf(authority, { names: [`*.shop${at}.test`] }),
)
let port = 4000
const rows: Record<string, Record<string, number>> = {}
for (const domains of values.domains.split(',').map(Number))
  rows[`${domains} domains`] = await measure(domains)
console.table(rows)
if (values.json) writeFileSync(values.json, `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`)

async function measure(domains: number): Promise<Record<string, number>> {
  const folder = temporaryFolder()
  try {
    const filling = await openTestEngine(folder)
    fill(filling.engine.context.parts.vault, domains)
    await filling.engine.close()
    const opened = await openTestEngine(folder, undefined, testEdge)
    const { parts } = opened.engine.context
    const workerPid = parts.supervisor?.status().workerPids[0] ?? 0
    const figures = {
      'whole, told ms': await wholeMs(parts),
      'whole, restart ms': await restartMs(parts),
      'change ms': await changeMs(() => opened.client.domains.setOrigin(oneOrigin())),
      'of that the edge ms': await changeMs(async () => {
        parts.vault.change(() => parts.vault.domains.update(nameOf(7), { origin: oneOrigin().origin }))
        await parts.supervisor?.apply()
      }),
      'look-up ns': lookupNs(domains, domains),
      'look-up, 1,000 in use, ns': lookupNs(domains, Math.min(domains, 1_000)),
      'worker MiB': residentMebibytes(parts.supervisor?.status().workerPids[0] ?? workerPid),
    }
    await opened.close()
    return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, round(value)]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function fill(vault: Vault, domains: number): void {
  vault.change(() => {
    const ids = leaves.map((leaf) => store(vault, leaf))
    for (let at = 0; at < domains; at += 1) {
      const certificateId = ids[at % ids.length] ?? null
      vault.domains.insert({ name: nameOf(at), origin: originAt(3000), httpsState: 'on', certificateId })
    }
  })
}

function store(vault: Vault, { chainPem, keyPem, fingerprintSha256 }: TestLeaf): string {
  const row = certificateRow({ id: randomUUID(), chainPem, fingerprintSha256 })
  vault.certificates.insert(row)
  vault.keys.sealKey(row.id, row.spkiSha256, Buffer.from(keyPem))
  return row.id
}

function nameOf(at: number): string {
  return `d${at}.shop${at % leaves.length}.test`
}

function oneOrigin() {
  port += 1
  return { domain: nameOf(7), origin: originAt(port) }
}

/** Time to read the rows and open the keys, without sending them. */
async function wholeMs(parts: EngineParts): Promise<number> {
  return median(5, () => {
    for (const { leafKeyPem } of Object.values(createServing(parts).whole().certificates)) leafKeyPem.fill(0)
  })
}

/** Time from the death of the worker until the next one serves everything. */
async function restartMs({ supervisor }: EngineParts): Promise<number> {
  return median(3, async () => {
    const [pid = 0] = supervisor?.status().workerPids ?? []
    const restarts = supervisor?.status().restarts ?? 0
    process.kill(pid, 'SIGKILL')
    while (supervisor?.status().restarts === restarts || supervisor?.status().state !== 'running')
      await new Promise((resolve) => setTimeout(resolve, 2))
  })
}

function changeMs(act: () => Promise<unknown>): Promise<number> {
  return median(15, act)
}

/**
 * Lookup time for names spread over the first `inUse` domains. Keys and names are flat strings, like the
 * worker's from a message and a socket: a concatenated string has two parts, and is slower by half.
 */
function lookupNs(domains: number, inUse: number): number {
  const routes = Array.from({ length: domains }, (_, at) => ({
    domain: nameOf(at),
    certificateId: null,
    outage: null,
    redirect: { mode: 'none' as const, code: 301 as const },
    origin: originAt(3000),
    policies: defaultPolicies,
  }))
  const table = new RouteTable(deserialize(serialize(routes)) as typeof routes)
  const names = Array.from({ length: 100_000 }, () =>
    Buffer.from(nameOf(Math.floor(Math.random() * inUse))).toString('latin1'),
  )
  let found = 0
  const startedAt = performance.now()
  for (let round = 0; round < 10; round += 1)
    for (const name of names) if (table.lookup(name, null)) found += 1
  return ((performance.now() - startedAt) * 1e6) / found
}

async function median(times: number, act: () => unknown): Promise<number> {
  const taken: number[] = []
  for (let at = 0; at < times; at += 1) {
    const startedAt = performance.now()
    await act()
    taken.push(performance.now() - startedAt)
  }
  return taken.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN
}

function residentMebibytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
