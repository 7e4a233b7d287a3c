import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { SecretBytes } from '../../../../src/domain/secret-bytes.ts'
import { createKeyHolder } from '../../../../src/engine/vault/vault-keys.ts'

const recorded = { protector: 'passphrase', weak: false, reason: 'It is kept.' } as const
function newKeys() {
  const bytes = [randomBytes(32), randomBytes(32)] as const
  return { bytes, keys: { dataKey: new SecretBytes(bytes[0]), auditKey: new SecretBytes(bytes[1]) } }
}
const zeroes = Buffer.alloc(32)

test('locking zeroes both keys where they lie, and gives neither out any more', () => {
  const held = createKeyHolder(recorded, 'nobody opened it')
  expect(held.protection).toMatchObject({
    locked: true,
    lockReason: expect.stringContaining('nobody opened it') as unknown,
  })
  const { bytes, keys } = newKeys()
  held.hold(keys)
  expect(held.protection).toMatchObject({ locked: false, lockReason: null })
  expect(held.dataKey()).toBe(bytes[0])
  held.lock('it was locked')
  expect(bytes).toEqual([zeroes, zeroes])
  for (const ask of [held.dataKey, held.auditKey]) expect(ask).toThrow('it was locked')
  expect(held.protection).toMatchObject({ ...recorded, locked: true })
})

test('closed key holders take no keys, and zero those they are given', () => {
  const held = createKeyHolder(recorded, 'nobody opened it')
  held.close()
  const late = newKeys()
  expect(() => held.hold(late.keys)).toThrow('it is closed')
  expect(late.bytes).toEqual([zeroes, zeroes])
})
