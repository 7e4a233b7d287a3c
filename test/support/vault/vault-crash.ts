import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import Database from 'better-sqlite3'
import { keyFileProtector } from '../../../src/engine/vault/key-protector/key-file.ts'
import { openVault, type Vault } from '../../../src/engine/vault/vault.ts'
import { bundledProgram } from '../processes/bundled-program.ts'
import { keyOf, modelOf, replay, type Act, type Model } from './vault-workload.ts'

/** Totals over many kills of a working vault. */
export interface CrashReport {
  kills: number
  acknowledged: number
  /** Changes in progress at a kill: whole or absent afterwards. */
  underWay: { there: number; notThere: number }
  /** Kills before the process had opened its vault. */
  whileOpening: number
}

/**
 * Kills a process that changes the vault of `folder`, `kills` times, and checks the vault after each kill.
 * Throws at the first difference from what was acknowledged.
 */
export async function killAgainAndAgain(folder: string, kills: number): Promise<CrashReport> {
  const report: CrashReport = {
    kills,
    acknowledged: 0,
    underWay: { there: 0, notThere: 0 },
    whileOpening: 0,
  }
  const journal = join(folder, 'journal.txt')
  const program = await bundledProgram('vault/vault-process.ts')
  const expected: Model = { certificates: new Set(), domains: new Map(), version: 0, rotations: 0 }
  for (let kill = 0; kill < kills; kill += 1) {
    writeFileSync(journal, '', { mode: 0o600 })
    const home = join(folder, 'home')
    if (!(await workAndKill(program, home, journal))) report.whileOpening += 1
    const { done, open } = readJournal(journal)
    for (const act of done) replay(expected, act)
    report.acknowledged += done.length
    await inspect(home, expected, open, report)
  }
  return report
}

/** Whether the vault was open when the kill came. Two in five kills aim at the opening. */
async function workAndKill(program: string, home: string, journal: string): Promise<boolean> {
  const child = spawn(process.execPath, [program, 'work', home, journal], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  try {
    await lines.next()
    return randomInt(5) < 2 ? await killWhileOpening(lines) : await killWhileWorking(lines)
  } finally {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}

async function killWhileOpening(lines: AsyncIterator<string>): Promise<boolean> {
  const opened = lines.next().then(() => true)
  return Promise.race([opened, delay(randomInt(20), false)])
}

async function killWhileWorking(lines: AsyncIterator<string>): Promise<boolean> {
  const { value } = await lines.next()
  if (value !== '{"open":true}') throw new Error(`The process could not work: ${value}`)
  await delay(randomInt(1, 120))
  return true
}

/** The acknowledged acts in order, and the one that had begun and was not acknowledged. */
function readJournal(path: string): { done: Act[]; open: Act | undefined } {
  const lines = readFileSync(path, 'utf8').split('\n')
  const entries = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Act | 'done')
  const acts = entries.filter((entry) => entry !== 'done')
  const open = entries.at(-1) === 'done' ? undefined : acts.pop()
  return { done: acts, open }
}

async function inspect(
  home: string,
  expected: Model,
  open: Act | undefined,
  report: CrashReport,
): Promise<void> {
  const clock = () => new Date()
  const vault = await openVault({ folder: home, clock, protectors: [keyFileProtector(home)] })
  try {
    const found = modelOf(vault)
    if (open) settle(expected, open, found, report)
    if (!isDeepStrictEqual(found, expected))
      throw new Error(`The vault holds ${describe(found)}; acknowledged was ${describe(expected)}.`)
    checkKeys(vault, found)
    checkKeyFiles(home)
  } finally {
    vault.close()
  }
  checkDatabase(join(home, 'vault.db'))
}

/** Counts the change in progress at the kill as made if its counter says so; then it has to be whole. */
function settle(expected: Model, open: Act, found: Model, report: CrashReport): void {
  const made = found.version + found.rotations > expected.version + expected.rotations
  if (!made) report.underWay.notThere += 1
  else {
    report.underWay.there += 1
    replay(expected, open)
  }
}

function checkKeys(vault: Vault, model: Model): void {
  for (const id of model.certificates)
    if (!vault.keys.withKey(id, (key) => key.equals(keyOf(id))))
      throw new Error(`The key of ${id} is another one.`)
}

/** Only the wrapping key that opens the vault remains of all that rotations made. */
function checkKeyFiles(home: string): void {
  const names = readdirSync(home).filter((name) => name.includes('.key'))
  if (names.length !== 1) throw new Error(`There are ${names.length} key files.`)
}

function checkDatabase(path: string): void {
  if (existsSync(`${path}-wal`)) throw new Error('Closing the vault left its log behind.')
  const database = new Database(path, { readonly: true })
  try {
    const integrity = database.pragma('integrity_check', { simple: true })
    const dangling = database.pragma('foreign_key_check') as unknown[]
    const orphans = database.prepare(
      'SELECT count(*) FROM sealed_keys WHERE certificate_id NOT IN (SELECT id FROM certificates)',
    )
    if (integrity !== 'ok' || dangling.length > 0 || orphans.pluck().get() !== 0)
      throw new Error(`The database is not sound: ${String(integrity)}.`)
  } finally {
    database.close()
  }
}

function describe(model: Model): string {
  const domains = [...model.domains].map(([name, { now, before }]) => `${name}=${now}<${before}`)
  return `version ${model.version}, certificates ${[...model.certificates].join(' ')}, domains ${domains.join(' ')}`
}
