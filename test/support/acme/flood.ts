import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { Agent } from 'node:https'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connectEngine } from '../../../src/engine-process/connect.ts'
import { openHome } from '../../../src/engine-process/home.ts'
import type { AcmeAt } from './programs.ts'
import { csrFor, RawAcme, type AcmeReply } from './requests.ts'
import { edgekeepProcess, startEdgekeep } from '../processes/cli.ts'
import { freePort } from '../free-port.ts'
import { processTree } from '../processes/process-tree.ts'

export interface FloodReport {
  seconds: number
  /** Answers to the hostile clients, by HTTP status; `cut`: connections that ended without one. */
  answers: Record<string, number>
  /** A client that gets a certificate now and then meanwhile. */
  modest: { certificates: number; failures: string[]; slowestMs: number }
  /** Calls of `status` over the control socket meanwhile. */
  status: { calls: number; failures: string[]; medianMs: number; slowestMs: number }
  accounts: number
  certificates: number
  auditRows: number
  vaultBytes: number
  engineMebibytes: { first: number; most: number; last: number }
  loadAverage: number
}

type Target = Pick<AcmeAt, 'directory' | 'root'>

/** Hostile client on one connection: uses the nonce of each answer for its next request. */
class FloodClient extends RawAcme {
  readonly #count: (status: string) => void
  #nonce = ''

  constructor(at: Target, agent: Agent | false, count: (status: string) => void) {
    super(at, agent)
    this.#count = count
  }

  override async send(...args: Parameters<RawAcme['send']>): Promise<AcmeReply> {
    const reply = await super.send(...args)
    this.#nonce = String(reply.headers['replay-nonce'] ?? '')
    this.#count(String(reply.status))
    return reply
  }

  override async nonce(): Promise<string> {
    const nonce = this.#nonce === '' ? await super.nonce() : this.#nonce
    this.#nonce = ''
    return nonce
  }
}

/** Registers an account, then leaves orders of 100 names open, issues and revokes, until it is refused. */
async function attack(client: FloodClient, ends: () => boolean): Promise<void> {
  if ((await client.register()).status >= 300) return
  const hundred = Array.from({ length: 100 }, (_, at) => `${'long-label-'.repeat(5)}${at}.flood.test`)
  for (let round = 0; !ends(); round += 1) {
    if ((await client.order(hundred)).status >= 400) return
    const name = `${round}.flood.test`
    const ordered = await client.order([name])
    if (ordered.status >= 400) return
    const finalized = await client.post(String(ordered.json()['finalize']), { csr: csrFor([name]) })
    if (finalized.status >= 400) return
    const { text } = await client.post(String(finalized.json()['certificate']), null)
    const certificate = new X509Certificate(text).raw.toString('base64url')
    if ((await client.post('/revoke-cert', { certificate })).status >= 400) return
  }
}

/** Hostile clients of the ACME server of a real engine, and beside them a client that only wants certificates. */
export async function floodAcme(
  folder: string,
  { seconds, connections }: { seconds: number; connections: number },
): Promise<FloodReport> {
  const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
  const running = await startEdgekeep(folder, ports)
  try {
    const at = await serveAcme(folder)
    return await flood(folder, at, { seconds, connections, pid: enginePid(running.pid) })
  } finally {
    await running.interrupt()
  }
}

async function serveAcme(folder: string): Promise<Target> {
  const port = String(await freePort())
  const served = await edgekeepProcess(folder, ['acme', 'serve', '--waive', 'test', '--port', port])
  if (served.status !== 0) throw new Error(served.err)
  const root = join(folder, 'root.crt')
  const exported = await edgekeepProcess(folder, ['authority', 'export', '--out', root])
  if (exported.status !== 0) throw new Error(exported.err)
  return { directory: `https://localhost:${port}/directory`, root }
}

async function flood(
  folder: string,
  at: Target,
  { seconds, connections, pid }: { seconds: number; connections: number; pid: number },
): Promise<FloodReport> {
  const answers: Record<string, number> = {}
  const count = (status: string) => (answers[status] = (answers[status] ?? 0) + 1)
  const endsAt = performance.now() + seconds * 1000
  const ends = () => performance.now() >= endsAt
  const engineMebibytes = { first: residentMebibytes(pid), most: 0, last: 0 }
  const hostile = Array.from({ length: connections }, async (_, index) => {
    // One in ten has a new connection for each request.
    const agent = index % 10 === 9 ? (false as const) : new Agent({ keepAlive: true, maxSockets: 1 })
    while (!ends()) await attack(new FloodClient(at, agent, count), ends).catch(() => count('cut'))
    if (agent) agent.destroy()
  })
  const modest = modestClient(at, ends)
  const status = statusCalls(folder, ends, () => {
    engineMebibytes.most = Math.max(engineMebibytes.most, residentMebibytes(pid))
  })
  const [, served, asked] = await Promise.all([Promise.all(hostile), modest, status])
  const loadAverage = loadavg()[0] ?? 0
  engineMebibytes.last = residentMebibytes(pid)
  const rows = await rowsOf(folder)
  const vaultBytes = ['vault.db', 'vault.db-wal'].reduce((sum, name) => sum + sizeOf(join(folder, name)), 0)
  return {
    seconds,
    answers,
    modest: served,
    status: asked,
    ...rows,
    vaultBytes,
    engineMebibytes,
    loadAverage,
  }
}

async function modestClient(at: Target, ends: () => boolean): Promise<FloodReport['modest']> {
  const client = new RawAcme(at, new Agent({ keepAlive: true, maxSockets: 1 }))
  const report = { certificates: 0, failures: [] as string[], slowestMs: 0 }
  const registered = await client.register()
  if (registered.status !== 201) report.failures.push(registered.text)
  while (!ends()) {
    const began = performance.now()
    try {
      await client.certificate([`modest-${report.certificates % 100}.test`])
      report.certificates += 1
    } catch (error) {
      report.failures.push(String(error))
    }
    report.slowestMs = Math.max(report.slowestMs, Math.round(performance.now() - began))
    await delay(1000)
  }
  return report
}

async function statusCalls(
  folder: string,
  ends: () => boolean,
  between: () => void,
): Promise<FloodReport['status']> {
  const times: number[] = []
  const failures: string[] = []
  while (!ends()) {
    const began = performance.now()
    try {
      const connection = await connectEngine(openHome(folder))
      await connection?.client.engine.status()
      times.push(Math.round(performance.now() - began))
      await connection?.close()
    } catch (error) {
      failures.push(String(error))
    }
    between()
    await delay(200)
  }
  const sorted = times.toSorted((one, other) => one - other)
  const medianMs = sorted[Math.floor(sorted.length / 2)] ?? 0
  return { calls: times.length, failures, medianMs, slowestMs: sorted.at(-1) ?? 0 }
}

async function rowsOf(folder: string): Promise<Pick<FloodReport, 'accounts' | 'certificates' | 'auditRows'>> {
  const lengthOf = async (args: string[], field: string) => {
    const answer = (await edgekeepProcess(folder, [...args, '--json'])).json()
    return (answer[field] as unknown[]).length
  }
  return {
    accounts: await lengthOf(['acme', 'accounts'], 'accounts'),
    certificates: await lengthOf(['cert', 'issued'], 'issued'),
    auditRows: await lengthOf(['audit', '--limit', '1000'], 'rows'),
  }
}

function enginePid(root: number): number {
  const found = [...processTree(root)].find(([, command]) => command.includes('engine'))
  if (!found) throw new Error('There is no engine process')
  return found[0]
}

function residentMebibytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kilobytes) / 1024)
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** Limits that the flood broke; empty if none. */
export function faultsOf(report: FloodReport): string[] {
  const { modest, status, accounts, vaultBytes, engineMebibytes, auditRows } = report
  const faults = [...modest.failures, ...status.failures]
  const judge = (isFault: boolean, text: string) => isFault && faults.push(text)
  judge(modest.certificates === 0, 'the modest client got no certificate')
  judge(accounts > 1000, `there are ${accounts} accounts`)
  judge(vaultBytes > 48 * 1024 * 1024, `the vault has ${vaultBytes} bytes`)
  judge(auditRows > 50, `the audit trail has ${auditRows} rows`)
  judge(engineMebibytes.most > engineMebibytes.first + 200, `the engine took ${engineMebibytes.most} MB`)
  return faults
}
