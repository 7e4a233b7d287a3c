import type { CaaRecord } from 'node:dns'
import { describe, expect, test } from 'vitest'
import { requireCaa } from '../../../../../src/engine/acme/client/caa.ts'

type Zone = Record<string, Omit<CaaRecord, 'critical'>[]>

const lookupIn =
  (zone: Zone, asked: string[] = []) =>
  (name: string) => {
    asked.push(name)
    return Promise.resolve((zone[name] ?? []).map((record) => ({ critical: 0, ...record })))
  }
const check = (names: string[], zone: Zone) => requireCaa(names, ['letsencrypt.org'], lookupIn(zone))
const forbids = (data: object) => ({ code: 'acme.caa_forbids', data })

describe('CAA records', () => {
  test('allow the authorities that they name, whatever parameters stand beside them', async () => {
    await check(['shop.test'], { 'shop.test': [{ issue: ' LetsEncrypt.org ; validationmethods=dns-01' }] })
    const two = { 'shop.test': [{ issue: 'other.example' }, { issue: 'letsencrypt.org' }] }
    await check(['shop.test'], two)
    await requireCaa(['shop.test'], ['another.example', 'OTHER.example'], lookupIn(two))
  })

  test('forbid all others, and everybody where they name nobody', async () => {
    await expect(
      check(['shop.test'], { 'shop.test': [{ issue: 'other.example; a=b' }] }),
    ).rejects.toMatchObject(forbids({ name: 'shop.test', at: 'shop.test', issuers: ['other.example'] }))
    for (const issue of [';', '', ' ; a=b'])
      await expect(check(['shop.test'], { 'shop.test': [{ issue }] })).rejects.toMatchObject(
        forbids({ issuers: [] }),
      )
  })

  test('decide at the nearest name that has any', async () => {
    const zone = {
      'shop.test': [{ issue: 'letsencrypt.org' }],
      'www.shop.test': [{ issue: 'other.example' }],
    }
    await check(['shop.test', 'a.b.shop.test', '*.shop.test'], zone)
    for (const name of ['www.shop.test', 'a.www.shop.test', '*.www.shop.test'])
      await expect(check([name], zone)).rejects.toMatchObject(forbids({ name, at: 'www.shop.test' }))
    await expect(check(['shop.test', 'www.shop.test'], zone)).rejects.toMatchObject(
      forbids({ name: 'www.shop.test' }),
    )
  })

  test('are asked for name by name, but not of a whole suffix', async () => {
    const asked: string[] = []
    await requireCaa(['*.www.shop.test'], ['letsencrypt.org'], lookupIn({}, asked))
    expect(asked).toEqual(['www.shop.test', 'shop.test'])
  })

  test('decide about wildcards through their own property alone, if there is one', async () => {
    const zone = { 'shop.test': [{ issue: 'letsencrypt.org' }, { issuewild: 'other.example' }] }
    await check(['shop.test', 'www.shop.test'], zone)
    await expect(check(['*.shop.test'], zone)).rejects.toMatchObject(forbids({ issuers: ['other.example'] }))
    const reversed = { 'shop.test': [{ issue: 'other.example' }, { issuewild: 'letsencrypt.org' }] }
    await check(['*.shop.test'], reversed)
    await expect(check(['shop.test'], reversed)).rejects.toMatchObject(
      forbids({ issuers: ['other.example'] }),
    )
    await check(['shop.test'], { 'shop.test': [{ issuewild: 'other.example' }] })
  })

  test('forbid nothing if they do not mention issuance or the lookup fails', async () => {
    await check(['shop.test'], { 'shop.test': [{ iodef: 'mailto:a@shop.test' }] })
    await requireCaa(['shop.test'], ['letsencrypt.org'], () => Promise.reject(new Error('SERVFAIL')))
  })

  test('are not asked for where the authority does not say what it is called there', async () => {
    const asked: string[] = []
    await requireCaa(['shop.test'], [], lookupIn({ 'shop.test': [{ issue: 'other.example' }] }, asked))
    expect(asked).toEqual([])
  })
})
