import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'

let home: string
beforeAll(async () => {
  home = join(temporaryFolder(), 'home')
  mkdirSync(home, { mode: 0o700 })
  for (const name of ['shop.test', 'img.test', 'news.dev'])
    await edgekeep(home, ['domain', 'add', name, '--origin', 'http://127.0.0.1:9'])
}, 60_000)
afterAll(() => rmSync(join(home, '..'), { recursive: true }))

async function run(line: string, input?: string) {
  const { status, out, err } = await edgekeep(home, line.split(' '), input)
  return { status, said: out + err }
}

describe('edgekeep hsts', () => {
  test('sets it for several domains, says what a browser will remember and the way back', async () => {
    const { status, said } = await run('hsts shop.test img.test --days 30 --include-subdomains')
    expect(status).toBe(0)
    expect(said).toContain('shop.test, img.test: HSTS 30 days, with subdomains.')
    expect(said).toMatch(/for 30 days, whatever you change here\. To undo it, use .*--undo/)
    expect(said).toContain('to every port')
    expect((await run('hsts img.test --undo')).said).toContain('max-age=0')
  })

  test('names the suffixes that browsers force to HTTPS anyway', async () => {
    expect((await run('hsts news.dev')).said).toContain('.dev on their preload list')
  })

  test.each([
    ['hsts shop.test --days 731', 'not a number of days from 1 to 730'],
    ['hsts shop.test --days 0', 'To have browsers forget it: --undo'],
    ['hsts shop.test --days 1 --off', 'one of --days, --undo and --off'],
    ['hsts shop.test --preload', 'Say for how long'],
    ['hsts shop.test --days 30 --include-subdomains --preload', '365 days or more'],
  ])('%s is refused', async (line, why) => {
    const { status, said } = await run(line)
    expect([status, said]).toEqual([2, expect.stringContaining(why)])
  })
})

describe('edgekeep headers', () => {
  test('adds, lists and removes rules by number', async () => {
    await run('headers add shop.test response set Cache-Control no-store')
    await run('headers add shop.test request drop Accept-Encoding')
    const { said } = await run('headers list shop.test')
    expect(said).toContain('1  to the client: set Cache-Control: no-store')
    expect(said).toContain('2  to the origin: drop Accept-Encoding')
    expect((await run('headers remove shop.test 1')).said).toContain('1 rule')
    expect((await run('headers remove shop.test 7')).status).toBe(2)
    expect((await run('headers clear shop.test')).said).toContain('no rule')
  })

  test('refuses a rule with its reason', async () => {
    const { status, said } = await run('headers add shop.test request set Host other')
    expect([status, said]).toEqual([
      2,
      expect.stringMatching(/rule 1 \(set Host on the request\).*domain set/),
    ])
  })
})

describe('edgekeep access', () => {
  test('takes the password from standard input and never says it', async () => {
    const { said } = await run('access shop.test --user anna --password-stdin', 'anna knows this\n')
    expect(said).toContain('users: anna')
    expect(said).toContain('Over HTTP, a password can be read in transit')
    expect(said).not.toContain('knows this')
    expect((await run('access shop.test --remove-user anna')).said).toContain('users: none')
    expect((await run('access shop.test --remove-user otto')).status).toBe(2)
    expect((await run('access shop.test --no-password')).said).toContain('no password')
  })

  test('sets the addresses, and says when this computer is not among them', async () => {
    const { said } = await run('access shop.test --allow 192.168.1.0/24 fd00::/8')
    expect(said).toContain('allowed: 192.168.1.0/24, fd00::/8')
    expect(said).toContain('This computer (127.0.0.0/8, ::1) is not in the list')
    expect((await run('access shop.test --allow 192.168.1.300')).status).toBe(2)
    expect((await run('access shop.test --allow-all')).said).toContain('all addresses')
  })

  test('refuses a short password', async () => {
    const { status, said } = await run('access shop.test --user anna --password-stdin', 'short\n')
    expect([status, said]).toEqual([2, expect.stringContaining('8 characters')])
  })
})

test('edgekeep body-limit takes sizes as people write them', async () => {
  expect((await run('body-limit 10MB shop.test img.test')).said).toContain(
    'shop.test, img.test: request bodies up to 10 MB',
  )
  expect((await run('policy show img.test')).said).toContain('maxBytes: 10000000')
  expect((await run('body-limit off shop.test')).said).toContain('any size')
  expect((await run('body-limit lots shop.test')).status).toBe(2)
})

test('edgekeep redirect keeps excepted paths and status code until they are changed', async () => {
  await run('https on shop.test --free')
  expect(
    (await run('redirect shop.test https --except /.well-known/acme-challenge/* /health')).said,
  ).toContain('HTTP → HTTPS (301, except /.well-known/acme-challenge/*, /health)')
  expect((await run('redirect shop.test https --code 302')).said).toContain('except /.well-known')
  expect((await run('redirect shop.test https --except health')).status).toBe(2)
  expect((await run('redirect shop.test https --no-except')).said).toContain('HTTP → HTTPS (302).')
})

test('edgekeep policy copy copies all sections, or those named', async () => {
  await run('hsts shop.test --days 7')
  await run('policy copy shop.test news.dev --section hsts')
  expect((await run('hsts news.dev')).said).toContain('HSTS 7 days')
  expect((await run('policy copy shop.test img.test')).said).toContain(
    'all policies except backup origins and routes as shop.test',
  )
})
