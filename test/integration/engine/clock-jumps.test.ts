import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Domain } from '../../../src/contract/domains/domains.ts'
import {
  curlUnder,
  edgekeepUnder,
  type FakeClock,
  fakeClock,
  startEngineUnder,
  withoutFaketime,
} from '../../support/engine/faketime.ts'
import { casesOf } from '../../support/long-form.ts'
import { unless } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const [hour, year] = [3600, 365 * 86_400]
const jumps: [what: string, seconds: number][] = [
  ['30 seconds', 30],
  ['an hour', hour],
  ['two years', 2 * year],
  ['six years', 6 * year],
]

describe('an engine whose clock jumps', unless(withoutFaketime), () => {
  // An hour is within the life of what is served, and six years are beyond that of an intermediate.
  test.each(casesOf(jumps, ([, seconds]) => [hour, 6 * year].includes(seconds)))(
    'serves what clients accept before, during and after a jump of %s',
    async (_what, seconds) => {
      const clock = fakeClock()
      const home = await homeWithDomain(clock)
      const { ready } = await startEngineUnder(clock, home)
      const status = () => curlUnder(clock, { home, port: ready.httpsPort, name: 'shop.test' })
      expect(await status()).toBe('verified')
      clock.jumpTo(seconds)
      expect(await status()).toBe('verified')
      expect(await lists(clock, home)).toMatchObject({
        expiry: 'ok',
        words: expect.stringMatching(/^On, shop\.test \(\d+ days left\)$/) as string,
      })
      clock.jumpTo(0)
      expect(await status()).toBe('verified')
      expect(await lists(clock, home)).toMatchObject({
        expiry: 'ok',
        words: expect.stringMatching(/^On, shop\.test \(\d+ days left\)$/) as string,
      })
      const { out } = await edgekeepUnder(clock, home, ['check', 'shop.test'])
      expect(out).not.toMatch(/valid only from|expired/)
    },
  )

  test('says of a certificate from the future that it is not valid, without an engine', async () => {
    const clock = fakeClock()
    const home = await homeWithDomain(clock)
    clock.jumpTo(5 * year)
    const { stop } = await startEngineUnder(clock, home)
    await expect.poll(async () => (await lists(clock, home)).expiry).toBe('ok')
    await stop()
    clock.jumpTo(0)
    expect(await lists(clock, home)).toMatchObject({
      expiry: 'not-yet-valid',
      words: expect.stringMatching(/^On, shop\.test \(NOT VALID before 2031-/) as string,
    })
    const expiring = await edgekeepUnder(clock, home, ['expiring'])
    expect(expiring).toMatchObject({ status: 1, out: expect.stringContaining('NOT VALID before') as string })
    const due = await edgekeepUnder(clock, home, ['renew', '--due'])
    expect(due.out).toContain('The new certificate is served')
    expect((await lists(clock, home)).expiry).toBe('ok')
  })
})

/** A home with `shop.test` on a free certificate, and the root for clients in `root.pem`. */
async function homeWithDomain(clock: FakeClock): Promise<string> {
  const home = join(temporaryFolder(), 'home')
  mkdirSync(home, { mode: 0o700 })
  await edgekeepUnder(clock, home, ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:9'])
  await edgekeepUnder(clock, home, ['https', 'on', 'shop.test', '--free'])
  const { out } = await edgekeepUnder(clock, home, ['authority', 'export'])
  writeFileSync(join(home, 'root.pem'), out)
  return home
}

/** Validity of the certificate of `shop.test` in the list, for programs and people. */
async function lists(clock: FakeClock, home: string): Promise<{ expiry?: string; words?: string }> {
  const { domains } = (await edgekeepUnder(clock, home, ['domain', 'list', '--json'])).json() as unknown as {
    domains: Domain[]
  }
  const { out } = await edgekeepUnder(clock, home, ['domain', 'list'])
  const words = /On, shop\.test \([^)]*\)/.exec(out)?.[0]
  return { expiry: domains[0]?.https.certificate?.expiry, words }
}
