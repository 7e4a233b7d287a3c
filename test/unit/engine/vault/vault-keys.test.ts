import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createKeyHolder } from '../../../../src/engine/vault/vault-keys.ts'

const recorded = { protector: 'passphrase', weak: false, reason: 'It is kept.' } as const
const newKeys = () => ({ dataKey: randomBytes(32), auditKey: randomBytes(32) })
const zeroes = Buffer.alloc(32)

test('locking zeroes both keys where they lie, and gives neither out any more', () => {
  const held = createKeyHolder(recorded, 'nobody opened it')
  expect(held.protection).toMatchObject({
    locked: true,
    lockReason: expect.stringContaining('nobody opened it') as unknown,
  })
  const keys = newKeys()
  held.hold(keys)
  expect(held.protection).toMatchObject({ locked: false, lockReason: null })
  expect(held.dataKey()).toBe(keys.dataKey)
  held.lock('it was locked')
  expect([keys.dataKey, keys.auditKey]).toEqual([zeroes, zeroes])
  for (const ask of [held.dataKey, held.auditKey]) expect(ask).toThrow('it was locked')
  expect(held.protection).toMatchObject({ ...recorded, locked: true })
})

test('closed key holders take no keys, and zero those they are given', () => {
  const held = createKeyHolder(recorded, 'nobody opened it')
  held.close()
  const late = newKeys()
  expect(() => held.hold(late)).toThrow('it is closed')
  expect([late.dataKey, late.auditKey]).toEqual([zeroes, zeroes])
})
