import { afterEach, beforeEach, expect, test } from 'vitest'
import { renewOne } from '../../../../src/engine/renewal/renew-one.ts'
import { openTestEngine, type TestEngine } from '../../../support/engine/engine.ts'

let opened: TestEngine
let now: Date

beforeEach(async () => {
  now = new Date()
  opened = await openTestEngine(undefined, () => now)
})
afterEach(() => opened.close())

test('a certificate that is erased while it is being renewed does not come back, and the reason is named', async () => {
  const { client, engine } = opened
  const { parts } = engine.context
  const { id } = await client.localCertificates.issue({ names: ['shop.test'] })
  const renewing = renewOne(parts, id)
  await client.certificates.remove({ id })
  expect(await renewing).toMatchObject({
    outcome: 'failed',
    code: 'certificate.not_found',
    message: 'It was erased while it was being renewed, so nothing was put in its place.',
  })
  expect(await client.certificates.list()).toEqual([])
})

test('a certificate that would end after the year 9999 is refused with the likely cause', async () => {
  now = new Date('9999-06-01T12:00:00Z')
  await expect(opened.client.localCertificates.issue({ names: ['shop.test'] })).rejects.toMatchObject({
    code: 'issue.after_9999',
    message: expect.stringContaining("Check this computer's clock") as string,
  })
})
