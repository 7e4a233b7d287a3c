import { afterEach, describe, expect, test, vi } from 'vitest'
import { acmeServerDefaults } from '../../../src/contract/acme/acme-server.ts'

const peerUser = '../../../src/platform/listeners/peer-user.ts'

afterEach(() => {
  vi.doUnmock(peerUser)
  vi.resetModules()
})

/** The settings of the ACME server on a system that identifies users, or does not; `stored` is in the vault. */
async function settingsWhere(identifiesUsers: boolean, stored = new Map<string, string>()) {
  vi.resetModules()
  vi.doMock(peerUser, () => ({ identifiesUsers }))
  const { acmeServerSettings } = await import('../../../src/engine/core/settings.ts')
  const settings = {
    get: (key: string) => stored.get(key),
    set: (key: string, value: string) => void stored.set(key, value),
  }
  const vault = { settings } as unknown as Parameters<typeof acmeServerSettings.read>[0]
  return {
    stored,
    read: () => acmeServerSettings.read(vault),
    store: (wanted: object) => acmeServerSettings.store(vault, { ...acmeServerDefaults, ...wanted }),
  }
}

describe('external account bindings', () => {
  test('are required by default where the system does not identify users, and nowhere else', async () => {
    expect((await settingsWhere(false)).read().requireBinding).toBe(true)
    expect((await settingsWhere(true)).read().requireBinding).toBe(false)
  })

  test.each([true, false])(
    'are required or not as a person chose (identified: %s)',
    async (identifiesUsers) => {
      const { read, store } = await settingsWhere(identifiesUsers)
      for (const requireBinding of [true, false, true]) {
        store({ requireBinding, port: 14_001 })
        expect(read()).toEqual({ ...acmeServerDefaults, requireBinding, port: 14_001 })
      }
    },
  )

  test('are required where a vault is restored from a system that identified users', async () => {
    const { store, stored } = await settingsWhere(true)
    store({ requireBinding: false, waived: ['dev.test'] })
    expect((await settingsWhere(false, stored)).read()).toMatchObject({
      requireBinding: true,
      waived: ['dev.test'],
    })
  })
})
