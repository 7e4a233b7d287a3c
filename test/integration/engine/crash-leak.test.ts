import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openHome, type Home } from '../../../src/engine-process/home.ts'
import { startEngine } from '../../../src/engine-process/start-engine.ts'
import { filesWith, needlesOf } from '../../support/pki/needles.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** Starts a stand-in for the engine that gets ready, runs `program` and exits; returns its log. */
async function logOfCrash(home: Home, program: string): Promise<string> {
  const engineEntry = join(temporaryFolder(), 'crashing.mjs')
  writeFileSync(
    engineEntry,
    `import { createPrivateKey } from 'node:crypto'
     import { readFileSync } from 'node:fs'
     console.log(JSON.stringify({ ok: true, pid: process.pid, httpsPort: 1, httpPort: 2 }))
     const pem = readFileSync(import.meta.filename + '.pem', 'utf8')
     const key = createPrivateKey(pem)
     ${program}`,
  )
  writeFileSync(`${engineEntry}.pem`, key)
  const engine = await startEngine(home, { portTaken: 'fail', engineEntry })
  onTestFinished(() => engine.stop())
  // The engine exits by itself, however long it takes: a stop would kill it after a timeout.
  await engine.exited
  return readFileSync(join(home.logFolder, 'engine-errors.log'), 'utf8')
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const scalar = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')

test('an engine that crashes with a key in its mouth leaves none in its logs, and leaves why it crashed', async () => {
  const home = openHome(temporaryFolder())
  const written = await logOfCrash(
    home,
    `const der = key.export({ type: 'pkcs8', format: 'der' })
     const jwk = key.export({ format: 'jwk' })
     console.error('as PEM', pem)
     console.error('as lines', pem.split('\\n').slice(1, -2).join('\\n'))
     console.error(der, new Uint8Array(der), JSON.stringify(der), der.toString('hex'), der.toString('base64'))
     console.error(jwk, JSON.stringify(jwk), BigInt('0x' + Buffer.from(jwk.d, 'base64url').toString('hex')))
     throw Object.assign(new Error('the crash of ' + pem), { jwk, der, cause: new Error(jwk.d) })`,
  )
  expect(written).toContain('the crash of')
  expect(written).toMatch(/crashing\.mjs:\d+/)
  expect(filesWith(home.logFolder, needlesOf(key))).toEqual([])
  expect(written).not.toContain(scalar.toString('hex', 0, 8))
})

test('the error log keeps files of a bounded size and cuts a line without an end', async () => {
  const home = openHome(temporaryFolder())
  await logOfCrash(
    home,
    `const line = 'word '.repeat(20) + '\\n'
     for (let at = 0; at < 60; at += 1) process.stderr.write(line.repeat(1000))
     process.stderr.write('no end '.repeat(100_000))`,
  )
  const log = join(home.logFolder, 'engine-errors.log')
  expect(statSync(`${log}.1`).size).toBeLessThan(6 * 1024 * 1024)
  expect(statSync(log).size).toBeLessThan(6 * 1024 * 1024)
  expect(readFileSync(log, 'utf8').slice(-2000)).toMatch(/no end no end .* \[…\]\n$/)
  if (process.platform !== 'win32') expect(statSync(log).mode & 0o077).toBe(0)
})
