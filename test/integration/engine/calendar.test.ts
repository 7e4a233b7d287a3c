import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toPem } from '../../../src/pki/formats/convert.ts'
import { makeKeys } from '../../support/pki/certificate-maker.ts'
import { openTestEngine, type TestEngine } from '../../support/engine/engine.ts'
import {
  authorityName,
  publicIntermediate,
  publicLeaf,
  publicRoot,
} from '../../support/pki/public-certificate.ts'

const now = new Date('2026-11-26T12:00:00Z')
const day = 86_400_000

/**
 * A vault with certificates that were bought, made by another ACME client, or issued by a private authority.
 */
describe('the forecast for certificates of public authorities', () => {
  let opened: TestEngine
  beforeAll(async () => {
    opened = await openTestEngine(undefined, () => now)
    const root = publicRoot()
    const bought = publicIntermediate(root, { subject: authorityName('Public CA', 'DigiCert Inc') })
    const byClient = publicIntermediate(root, { subject: authorityName('R13', "Let's Encrypt") })
    // The last second counts (RFC 5280, section 4.1.2.5).
    await store('bought', bought, 199)
    await store('old', bought, 397, new Date('2026-03-01T00:00:00Z'))
    await store('certbot', byClient, 90)
    await store('six-days', byClient, 160 / 24)
    await store('private', publicRoot(), 3650, undefined, true)
  })
  afterAll(() => opened?.close())

  async function store(
    name: string,
    issuer: ReturnType<typeof publicRoot>,
    days: number,
    notBefore = new Date('2026-11-20T00:00:00Z'),
    isPrivate = false,
  ): Promise<void> {
    const keys = makeKeys('ec')
    const host = `${name}.example.com`
    const notAfter = new Date(notBefore.getTime() + days * day - 1000)
    const plain = { '2.5.29.32': null, '1.3.6.1.4.1.11129.2.4.2': null }
    const leaf = publicLeaf(issuer, {
      names: [host],
      keys,
      notBefore,
      notAfter,
      ...(isPrivate ? { extensions: plain } : {}),
    })
    const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const files = [new File([toPem(leaf.der) + toPem(issuer.der)], 'site.crt'), new File([key], 'site.key')]
    const { stagingId } = await opened.client.staging.open({ files })
    await opened.client.certificates.import({ stagingId, name })
  }

  test('says what ballot SC-081v3 and Let’s Encrypt make of each', async () => {
    const { forecasts } = await opened.client.renewal.calendar({ months: 36 })
    const said = forecasts.map(({ certificate, authority, stages, needsPerson }) => [
      certificate.name,
      authority,
      needsPerson,
      stages.map(({ from, lifeDays, perYear }) => `${from} ${lifeDays} ${perYear}`),
    ])
    expect(said).toEqual([
      ['bought', 'public', true, ['2026-11-26 199 2', '2027-03-15 100 4', '2029-03-15 47 8']],
      ['certbot', 'lets-encrypt', true, ['2026-11-26 90 5', '2027-02-10 64 6', '2028-02-16 45 9']],
      ['old', 'public', true, ['2026-11-26 200 2', '2027-03-15 100 4', '2029-03-15 47 8']],
      ['private', 'private', false, ['2026-11-26 3650 1']],
      ['six-days', 'lets-encrypt', false, ['2026-11-26 6.67 55']],
    ])
    expect(forecasts[0]?.meaning).toContain(
      'A proof that the names are yours will count for 100 days from 2027-03-15, 10 days from 2029-03-15; by phone it ends on 2027-03-15, by e-mail on 2028-03-15.',
    )
    for (const { needsPerson, meaning } of forecasts)
      if (needsPerson) expect(meaning).toContain('You would have to replace it')
  })

  test('has each end in the calendar, and the days of the rules', async () => {
    const { entries, rules } = await opened.client.renewal.calendar({ months: 36 })
    expect(entries.map(({ at, kind, certificate }) => [at.slice(0, 10), kind, certificate.name])).toEqual([
      ['2026-11-26', 'end', 'six-days'],
      ['2027-02-17', 'end', 'certbot'],
      ['2027-04-01', 'end', 'old'],
      ['2027-06-06', 'end', 'bought'],
    ])
    expect(rules.map(({ from, days }) => [from, days])).toEqual([
      ['2027-02-10', 64],
      ['2027-03-15', 100],
      ['2028-02-16', 45],
      ['2029-03-15', 47],
    ])
  })
})

describe('the calendar of automatic renewals', () => {
  let opened: TestEngine
  beforeAll(async () => {
    opened = await openTestEngine(undefined, () => now)
    for (const [name, lifeHours] of [
      ['hourly.test', 1],
      ['weekly.test', 7 * 24],
      ['monthly.test', 45 * 24],
    ] as const)
      await opened.client.localCertificates.issue({ names: [name], name, lifeHours })
  })
  afterAll(() => opened?.close())

  const entriesOf = async (name: string) => {
    const { entries, completeUntil } = await opened.client.renewal.calendar({ months: 12 })
    expect(completeUntil).toBeNull()
    return entries.filter(({ certificate }) => certificate.name === name)
  }

  test('has one entry for all renewals of one that renews often, so that nothing else is left out', async () => {
    const [planned, foreseen, ...more] = await entriesOf('hourly.test')
    expect(more).toEqual([])
    expect([planned, foreseen]).toMatchObject([
      { generation: 0, repeats: null },
      { generation: 1, repeats: { times: expect.any(Number) } },
    ])
    const { everyMinutes, times } = foreseen!.repeats!
    // Every time is meant, up to the end of the year.
    const lastAt = Date.parse(foreseen!.at) + (times - 1) * everyMinutes * 60_000
    const year = 365 * day
    expect(Math.abs(lastAt - now.getTime() - year) / year).toBeLessThan(0.02)
    expect(times).toBeGreaterThan(5_000)
    expect((await entriesOf('weekly.test')).map(({ repeats }) => repeats?.times ?? 1).length).toBe(2)
  })

  test('lists each renewal of one that renews once a month', async () => {
    const entries = await entriesOf('monthly.test')
    expect(entries.length).toBeGreaterThan(10)
    expect(entries.map(({ generation, repeats }) => [generation, repeats])).toEqual(
      entries.map((_, generation) => [generation, null]),
    )
  })
})
