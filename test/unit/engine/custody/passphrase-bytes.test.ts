import { afterEach, expect, test, vi } from 'vitest'
import { newRecoveryKey } from '../../../../src/domain/recovery-key-pair.ts'
import { typedRecoveryKeyPair } from '../../../../src/engine/custody/passphrase-bytes.ts'

afterEach(() => void vi.restoreAllMocks())

test('the bytes of a typed recovery key are wiped once its pair is derived', async () => {
  const { recoveryKey, publicKey } = await newRecoveryKey()
  const importKey = vi.spyOn(crypto.subtle, 'importKey')
  const pair = await typedRecoveryKeyPair(recoveryKey)
  expect(Buffer.from(pair.publicKey).toString('base64url')).toBe(publicKey)
  const given = importKey.mock.calls.find(([format]) => String(format) === 'raw')?.[1]
  expect(given).toEqual(new Uint8Array(20))
})
