import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Answer,
  edgekeep,
  edgekeepProcess,
  homeWithKeyFile,
  launcher,
  startEdgekeep,
  type RunningEdgekeep,
} from '../../support/processes/cli.ts'
import { freePort } from '../../support/free-port.ts'
import { startOrigin, type TestOrigin } from '../../support/edge/origin.ts'
import { ask, sendTo, statusOf, targetsIn, verdictOf } from '../../support/browser/proof-page.ts'

/* Acts of the window, done by the command line. */

let folder: string
let home: string
let site: TestOrigin
let running: RunningEdgekeep

const run = (...args: string[]) => edgekeep(home, args)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edgekeep-acts-'))
  home = await homeWithKeyFile(folder)
  site = await startOrigin((_request, response) => response.end('the site'))
  const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
  running = await startEdgekeep(home, ports)
  const { port } = site
  await run('domain', 'set', 'shop.test', '--origin', `http://127.0.0.1:${port}`)
  await run('https', 'on', 'shop.test', '--free')
}, 180_000)
afterAll(async () => {
  await running?.interrupt()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a command with another HOME than the engine’s changes no store', { timeout: 120_000 }, async () => {
  for (const words of [
    ['trust', 'install', '--yes'],
    ['trust', 'undo', '--yes'],
    ['setup', 'shop.test', '--dry-run'],
  ]) {
    const elsewhere = await edgekeepProcess(home, [...words, '--json'], '', { HOME: folder })
    expect([elsewhere.status, elsewhere.json().error?.code]).toEqual([1, 'trust.other_home'])
    expect(elsewhere.out + elsewhere.err).not.toContain(folder)
  }
  const own = await run('setup', 'shop.test', '--dry-run')
  expect(own.out).toContain(`Stores and settings are those of the home folder ${homedir()}.`)
})

test('an origin is tested as it is set and before it is set', { timeout: 120_000 }, async () => {
  const set = await run('origin', 'test', 'shop.test')
  expect([set.status, set.out]).toEqual([0, expect.stringMatching(/^http:\S+ answers 200\. \(/)])
  const gone = await run('origin', 'test', 'shop.test', `http://127.0.0.1:${await freePort()}`, '--json')
  expect([gone.status, gone.json()]).toMatchObject([1, { ok: false, error: { code: 'verification.failed' } }])
  expect((await run('domain', 'show', 'shop.test')).out).toContain(site.port)
})

test(
  'a certificate is renamed, and kept, or erased where it is no longer',
  { timeout: 120_000 },
  async () => {
    const renamed = await run('cert', 'rename', 'shop.test', 'the first', '--json')
    expect(renamed.json()).toMatchObject({ ok: true, certificate: { name: 'the first' } })
    expect((await run('cert', 'keep', 'the first')).status).toBe(0)
    await run('https', 'off', 'shop.test', '--yes')
    expect((await run('cert', 'list')).out).toContain('the first')
    const asked = await run('cert', 'keep', 'the first', '--off')
    expect([asked.status, asked.err]).toEqual([2, expect.stringContaining('erases')])
    const erased = await run('cert', 'keep', 'the first', '--off', '--yes', '--json')
    expect(erased.json()).toMatchObject({ ok: true, erased: true })
    expect((await run('cert', 'list')).out).not.toContain('the first')
  },
)

test('traffic is written to an archive, replayed and forgotten', { timeout: 120_000 }, async () => {
  const file = join(folder, 'shop.har')
  const written = await run('traffic', 'har', '--out', file)
  expect(written.status).toBe(0)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ log: { version: '1.2' } })
  expect((await run('traffic', 'replay', 'x')).status).toBe(2)
  const gone = await run('traffic', 'replay', '987654', '--json')
  expect(gone.json()).toMatchObject({ ok: false, error: { code: 'traffic.gone' } })
  const asked = await run('traffic', 'clear')
  expect([asked.status, asked.err]).toEqual([2, expect.stringContaining('Confirm it with --yes')])
  expect((await run('traffic', 'clear', '--yes')).status).toBe(0)
  const findings = await run('findings', 'shop.test', '--clear')
  expect([findings.status, findings.err]).toEqual([2, expect.stringContaining('Confirm it with --yes')])
  expect((await run('findings', 'shop.test', '--clear', '--yes')).status).toBe(0)
})

test(
  'names shows where a name leads, and refuses names that are not served',
  { timeout: 120_000 },
  async () => {
    const said = await run('names', 'status', 'shop.test', '--json')
    expect([said.status, said.json()]).toMatchObject([
      1,
      { ok: false, error: { code: 'names.not_here' }, names: [{ host: 'shop.test', leads: 'nowhere' }] },
    ])
    expect((await run('names')).out).toContain('edgekeep names install shop.test')
    const { suffixes } = said.json() as unknown as { suffixes: { obstacle: object | null } }
    const suffix = await run('names', 'install', '--suffix', 'test')
    // Without a possible step the command does not ask, and its exit status reports that nothing was done.
    expect([suffix.status, suffix.err]).toEqual(
      suffixes.obstacle
        ? [1, expect.stringContaining('left out')]
        : [2, expect.stringContaining('no terminal to confirm at')],
    )
    const refused = await run('open', 'example.com', '--json')
    expect([refused.status, refused.json()]).toMatchObject([2, { error: { code: 'names.not_served' } }])
  },
)

test(
  'it is said who has ports 443 and 80, and another program is not pushed away',
  { timeout: 120_000 },
  async () => {
    const said = await run('ports', '--json')
    expect([said.status, said.json()]).toMatchObject([
      1,
      { error: { code: 'ports.not_standard' }, ports: [{ port: 443 }, { port: 80 }] },
    ])
    // The user may have the right to listen there: a listener of the test stands for any other program.
    const other = createServer().listen(443, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve).once('error', resolve))
    const moved = await run('ports', 'install', '--yes', '--json')
    other.close()
    expect([moved.status, moved.json()]).toMatchObject([1, { error: { code: 'setup.not_all' } }])
    expect(JSON.stringify(moved.json().outcomes)).toMatch(/443/)
  },
)

/** `edgekeep trust test --page …` once it has said where the page is. */
async function waitingPage(...words: string[]) {
  const child = spawn(process.execPath, [launcher, '--home', home, 'trust', 'test', '--page', ...words])
  const said = { out: '', err: '' }
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
    const address = /http:\/\/[0-9a-f]{32}\.localhost:\d+\//.exec(said.err)?.[0]
    if (address) resolve(address)
  })
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((done) =>
    child.once('close', (status, signal) => done([status, signal])),
  )
  void ended.then(() => reject(new Error(`It ended before it said where the page is: ${said.err}`)))
  return { address: await promise, said, ended, interrupt: () => child.kill('SIGINT') }
}

test('a browser that is open is proven by a page, and Ctrl-C ends it', { timeout: 120_000 }, async () => {
  const root = (await run('authority', 'export')).out
  const page = await waitingPage('--json')
  const [, proof] = targetsIn((await sendTo(page.address))!.body)
  expect(await ask(proof, { ca: root })).toBe(true)
  await verdictOf(page)
  expect(await page.ended).toEqual([0, null])
  expect(JSON.parse(page.said.out) as Answer).toMatchObject({
    ok: true,
    outcome: 'trusted',
    browser: 'Firefox 153',
    client: { name: 'Firefox 153', proof: { ok: true } },
  })
  expect(
    page.said.err
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type),
  ).toEqual(['page', 'opened'])
  expect((await run('trust', 'status')).out).toMatch(/Firefox 153 +Passed its test/)

  const refusing = await waitingPage()
  await sendTo(refusing.address)
  await verdictOf(refusing)
  expect(await refusing.ended).toEqual([1, null])
  expect(refusing.said.out).toContain('Firefox 153 did not reach the edge.')
  expect(refusing.said.err).toContain('Firefox 153 opened it.')

  const left = await waitingPage()
  left.interrupt()
  expect((await left.ended)[0]).not.toBe(0)
  await expect.poll(() => statusOf(left.address), { timeout: 10_000 }).toBeNull()
  expect((await run('trust', 'test', '--page', '--client', 'firefox')).status).toBe(2)
})
