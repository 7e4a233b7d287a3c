import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLog } from '../../../../src/engine/core/log.ts'
import { withoutKeys } from '../../../../src/platform/log/without-keys.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgekeep-log-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function keyPem(type: 'pkcs8' | 'sec1'): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type, format: 'pem' }).toString()
}

test.each(['pkcs8', 'sec1'] as const)('a %s key that reaches the log does not reach the file', (type) => {
  const { log, close } = openLog(folder, 'engine')
  const pem = keyPem(type)
  log.info({ err: new Error(`failed on ${pem}`), text: pem }, `said ${pem}`)
  close()
  const written = readFileSync(join(folder, 'engine.log'), 'utf8')
  expect(written).toContain('[private key removed]')
  for (const line of pem.split('\n').slice(1, -2)) expect(written).not.toContain(line)
})

test('a key that is cut off is removed as well, and the line stays one JSON object', () => {
  const cut = keyPem('pkcs8').slice(0, 120)
  const line = withoutKeys(JSON.stringify({ text: cut, after: 'kept' }))
  expect(JSON.parse(line)).toEqual({ text: '[private key removed]', after: 'kept' })
})

test('certificates stay readable in the log', () => {
  const line = '{"pem":"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----"}'
  expect(withoutKeys(line)).toBe(line)
})

test('the log is for its owner alone and is rotated by size', () => {
  const { log, close } = openLog(folder, 'engine')
  const filler = 'words '.repeat(175_000)
  for (let count = 0; count < 30; count += 1) log.info(filler)
  close()
  const files = readdirSync(folder).toSorted()
  expect(files).toEqual(['engine.log', 'engine.log.1', 'engine.log.2', 'engine.log.3'])
  for (const file of files) {
    expect(statSync(join(folder, file)).size).toBeLessThan(7 * 1024 * 1024)
    if (process.platform !== 'win32') expect(statSync(join(folder, file)).mode & 0o077).toBe(0)
  }
})

test('a log that cannot be written ends nothing, and says later how many lines are lost', () => {
  const place = join(folder, 'logs')
  writeFileSync(place, 'a file where the folder should be')
  const { log, close } = openLog(place, 'engine')
  log.info('lost')
  log.error('lost too')
  rmSync(place)
  log.info('there again')
  close()
  const lines = readFileSync(join(place, 'engine.log'), 'utf8').trim().split('\n')
  const [lost, next] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lost).toMatchObject({ linesLost: 2 })
  expect(next).toMatchObject({ msg: 'there again' })
})
