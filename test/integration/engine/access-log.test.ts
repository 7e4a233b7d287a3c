import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RefusalReport } from '../../../src/edge/protocol/traffic-report.ts'
import { openLog } from '../../../src/engine/core/log.ts'
import { accessLogOn } from '../../../src/engine/core/settings.ts'
import { AccessLog, accessLogFile } from '../../../src/engine/traffic/access-log.ts'
import type { Vault } from '../../../src/engine/vault/vault.ts'
import { openTestVault, temporaryHome } from '../../support/vault/vault.ts'

const maxBytes = 2000

let home: string
let vault: Vault
let engineLog: ReturnType<typeof openLog>
let log: AccessLog
beforeEach(async () => {
  home = temporaryHome()
  vault = await openTestVault(home)
  engineLog = openLog(join(home, 'logs'), 'engine')
  log = openAccessLog()
})
afterEach(() => {
  log.close()
  engineLog.close()
  vault.close()
  rmSync(home, { recursive: true })
})

function openAccessLog(): AccessLog {
  return new AccessLog({ vault, file: accessLogFile(home), maxBytes, log: engineLog.log })
}

/** The same length whatever the number. */
function refusal(number: number): RefusalReport {
  const serverName = `n${String(number).padStart(6, '0')}.test`
  const address = { clientAddress: '127.0.0.1', domain: null, serverName }
  return { kind: 'refused', at: 0, ...address, reason: 'failed', detail: null, hello: null }
}

const folder = () => dirname(accessLogFile(home))
const files = () =>
  readdirSync(folder())
    .filter((name) => name.startsWith('access.log'))
    .toSorted()
const numbersIn = (file: string) =>
  readFileSync(join(folder(), file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => Number((JSON.parse(line) as { serverName: string }).serverName.slice(1, 7)))

test('the file is put aside when it is full, three of those are kept, and no line is torn or lost among them', () => {
  for (let number = 0; number < 200; number += 1) log.write([refusal(number)], 0)
  expect(files()).toEqual(['access.log', 'access.log.1', 'access.log.2', 'access.log.3'])
  const kept = files().toReversed().flatMap(numbersIn)
  expect(kept.at(-1)).toBe(199)
  expect(kept).toEqual(kept.map((_, at) => kept[0]! + at))
  // Pruning of the oldest entries keeps the disk free.
  expect(kept[0]).toBeGreaterThan(0)
  const lineBytes = statSync(join(folder(), 'access.log.1')).size / numbersIn('access.log.1').length
  for (const file of files()) {
    const { size, mode } = statSync(join(folder(), file))
    expect(size).toBeLessThanOrEqual(maxBytes + lineBytes)
    if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600)
  }
})

test('a file from before counts, so that it is not written beyond its size after a restart', () => {
  for (let number = 0; number < 20; number += 1) {
    log.write([refusal(number)], 0)
    log.close()
    log = openAccessLog()
  }
  expect(files()).toEqual(['access.log', 'access.log.1'])
  expect(files().toReversed().flatMap(numbersIn)).toEqual([...Array(20).keys()])
})

test('exchanges above the rate limit are counted, not logged', () => {
  log.write([refusal(1)], 3)
  const lines = readFileSync(accessLogFile(home), 'utf8').trimEnd().split('\n')
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ notLogged: 3 })
})

test('a full disk turns it off, the engine reports that once, and turning it on again retries', () => {
  mkdirSync(accessLogFile(home), { recursive: true })
  for (let number = 0; number < 3; number += 1) log.write([refusal(number)], 0)
  const said = readFileSync(join(folder(), 'engine.log'), 'utf8').split('Access log not writable')
  expect(said).toHaveLength(2)
  rmSync(accessLogFile(home), { recursive: true })
  log.write([refusal(4)], 0)
  expect(files()).toEqual([])
  log.close()
  log.write([refusal(5)], 0)
  expect(numbersIn('access.log')).toEqual([5])
})

test('whether it is kept is a setting of the vault', () => {
  expect(log.isOn()).toBe(false)
  vault.change(() => accessLogOn.store(vault, true))
  expect(log.isOn()).toBe(true)
  // Setting as stored before 0.1.0.
  vault.change(() => vault.settings.set('traffic.access-log', 'no'))
  expect(log.isOn()).toBe(false)
})
