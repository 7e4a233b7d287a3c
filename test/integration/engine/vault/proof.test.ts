import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Client } from '../../../../src/client/client.ts'
import type { VaultNotice } from '../../../../src/contract/custody/custody.ts'
import { requireProof } from '../../../../src/engine/custody/proof.ts'
import { deriveCheaply } from '../../../support/vault/derive-cheaply.ts'
import { openTestEngine, temporaryFolder, type TestEngine } from '../../../support/engine/engine.ts'
import { codeOf, setUpRecovery, testRecovery } from '../../../support/vault/recovery.ts'

deriveCheaply()

const passphrase = 'correct horse battery staple'
const another = 'another passphrase entirely'

let opened: TestEngine
let client: Client
beforeEach(async () => {
  opened = await openTestEngine()
  client = opened.client
})
afterEach(() => opened.close())

const code = (wanted: string) => expect.objectContaining({ code: wanted }) as Error
const actions = async (limit: number) =>
  (await client.audit.list({ limit })).map((row) => [row.action, row.after])

async function underPassphrase(): Promise<void> {
  await client.vault.protect({ protector: 'passphrase', passphrase, proof: await codeOf(opened) })
}

describe('a vault under a passphrase', () => {
  test('needs that passphrase to change its protector and to make a backup', async () => {
    const { recoveryKey } = await setUpRecovery(opened)
    await underPassphrase()
    const next = await testRecovery()
    const copies = temporaryFolder()
    const schedule = { folder: copies, everyHours: 24, keep: 1, passphrase: another }
    const calls = [
      (proof?: object) => client.vault.protect({ protector: 'key-file', proof }),
      (proof?: object) => client.vault.protect({ protector: 'passphrase', passphrase: another, proof }),
      (proof?: object) => client.vault.backUp({ passphrase: another, proof }),
      (proof?: object) => client.vault.setSchedule({ schedule, proof }),
      (proof?: object) => client.vault.setRecoveryKey({ publicKey: next.publicKey, proof }),
    ]
    const { code: typed } = await codeOf(opened)
    for (const call of calls) {
      await expect(call()).rejects.toThrow(code('vault.proof_needed'))
      await expect(call({ code: typed })).rejects.toThrow(code('vault.proof_needed'))
      await expect(call({ passphrase: 'not it at all' })).rejects.toThrow(code('vault.wrong_passphrase'))
      // A right one resets the count of wrong ones.
      await client.vault.rotate({ passphrase })
    }
    for (const call of calls.slice(2)) await call({ passphrase })
    await client.vault.protect({
      protector: 'passphrase',
      passphrase: another,
      proof: { recoveryKey: next.recoveryKey },
    })
    await expect(client.vault.protect({ protector: 'key-file', proof: { recoveryKey } })).rejects.toThrow(
      code('recovery.wrong'),
    )
    expect(await actions(1)).toEqual([['vault.refuse', { what: 'protect' }]])
  })

  test('counts wrong unlocks while it is locked, and in the trail once it is open', async () => {
    await underPassphrase()
    await client.vault.lock()
    for (const wrong of ['one wrong passphrase', 'two wrong passphrases'])
      await expect(client.vault.unlock({ passphrase: wrong })).rejects.toThrow(code('vault.wrong_passphrase'))
    opened = await opened.reopen()
    client = opened.client
    await client.vault.unlock({ passphrase })
    expect(await actions(2)).toEqual([
      ['vault.unlock', null],
      [
        'vault.refuse',
        {
          what: 'unlock',
          attempts: 2,
          firstAt: expect.any(String) as string,
          lastAt: expect.any(String) as string,
        },
      ],
    ])
    await client.vault.lock()
    await client.vault.unlock({ passphrase })
    expect((await actions(2)).map(([action]) => action)).toEqual(['vault.unlock', 'vault.lock'])
    expect(await client.audit.verify()).toMatchObject({ ok: true })
  })

  test('refuses all for a while after five wrong ones in a row, also the right one', async () => {
    await underPassphrase()
    await client.vault.lock()
    const wrong = await Promise.allSettled(
      Array.from({ length: 8 }, (_, at) => client.vault.unlock({ passphrase: `wrong passphrase ${at}` })),
    )
    const codes = wrong.map((each) =>
      each.status === 'rejected' ? (each.reason as { code: string }).code : '',
    )
    expect(codes.filter((each) => each === 'vault.wrong_passphrase')).toHaveLength(5)
    expect(codes.filter((each) => each === 'vault.too_many_attempts')).toHaveLength(3)
    expect((await client.engine.status()).protection.locked).toBe(true)
  })
})

describe('an act without a secret gives no further attempts at one', () => {
  test('unlocking a vault that is open', async () => {
    await underPassphrase()
    for (let at = 0; at < 5; at += 1) {
      await client.vault.unlock({ passphrase: 'not it at all' })
      await expect(
        client.vault.protect({ protector: 'key-file', proof: { passphrase: `wrong passphrase ${at}` } }),
      ).rejects.toThrow(code('vault.wrong_passphrase'))
    }
    for (const attempt of [
      () => client.vault.unlock({ passphrase: 'not it at all' }),
      () => client.vault.protect({ protector: 'key-file', proof: { passphrase } }),
    ])
      await expect(attempt()).rejects.toThrow(code('vault.too_many_attempts'))
    // A passphrase that was never tried counts as no wrong attempt.
    const refusals = (await actions(50)).filter(([action]) => action === 'vault.refuse')
    expect(refusals).toHaveLength(5)
  })

  test('unlocking a vault that was open when it was asked for, and is locked when its turn comes', async () => {
    await underPassphrase()
    const busy = client.vault.protect({ protector: 'key-file', proof: { passphrase: 'not it at all' } })
    // Its check has begun, and later ones wait for it.
    await new Promise((resolve) => setImmediate(resolve))
    const guesses = Array.from({ length: 12 }, (_, at) => client.vault.unlock({ passphrase: `guess ${at}` }))
    const all = Promise.allSettled([busy, ...guesses])
    await client.vault.lock()
    const codes = (await all).map((each) => (each as { reason?: { code?: string } }).reason?.code)
    expect(codes.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'vault.wrong_passphrase'))
    expect(new Set(codes.slice(5))).toEqual(new Set(['vault.too_many_attempts']))
  })

  test('a code, which a restore takes, of a vault under a passphrase', async () => {
    await underPassphrase()
    const guess = (at: number) =>
      client.vault.protect({ protector: 'key-file', proof: { passphrase: `wrong passphrase ${at}` } })
    const { parts } = opened.engine.context
    for (let at = 0; at < 5; at += 1) {
      await requireProof(parts, 'restore', { accepts: ['code'], given: await codeOf(opened) })
      await expect(guess(at)).rejects.toThrow(code('vault.wrong_passphrase'))
    }
    await expect(guess(5)).rejects.toThrow(code('vault.too_many_attempts'))
  })

  test('rotating the key of a vault without a passphrase', async () => {
    for (let at = 0; at < 5; at += 1) {
      await client.vault.rotate({})
      await expect(
        client.vault.protect({ protector: 'key-file', proof: { code: 'AAAA-AAAA' } }),
      ).rejects.toThrow(code('vault.wrong_code'))
    }
    const proof = await codeOf(opened)
    for (const attempt of [
      () => client.vault.rotate({}),
      () => client.vault.protect({ protector: 'key-file', proof }),
    ])
      await expect(attempt()).rejects.toThrow(code('vault.too_many_attempts'))
  })
})

describe('the confirmation code', () => {
  test('is in a file of the folder for its owner alone, works once, and is in no answer', async () => {
    const path = join(opened.folder, 'confirmation-code.txt')
    writeFileSync(path, 'planted', { mode: 0o644 })
    const answer = await client.vault.requestCode()
    expect(statSync(path).mode & 0o077).toBe(0)
    const [typed = ''] = readFileSync(path, 'utf8').split('\n')
    expect(typed).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
    expect(JSON.stringify(answer)).not.toContain(typed)
    await client.vault.protect({
      protector: 'key-file',
      proof: { code: typed.toLowerCase().replace('-', ' ') },
    })
    expect(existsSync(path)).toBe(false)
    await expect(client.vault.protect({ protector: 'key-file', proof: { code: typed } })).rejects.toThrow(
      code('vault.wrong_code'),
    )
  })

  test('stays when it is asked for again, and is gone with the engine', async () => {
    const one = await codeOf(opened)
    expect(await codeOf(opened)).toEqual(one)
    await opened.engine.close()
    expect(existsSync(join(opened.folder, 'confirmation-code.txt'))).toBe(false)
    opened = await openTestEngine(opened.folder)
    await expect(opened.client.vault.protect({ protector: 'key-file', proof: one })).rejects.toThrow(
      code('vault.wrong_code'),
    )
  })
})

test('every window hears of what is done to the keys and the backups', async () => {
  const [one, two] = [await client.vault.watchNotices(), await client.vault.watchNotices()]
  await setUpRecovery(opened)
  await client.vault.backUp({ passphrase: another })
  await client.vault.rotate({})
  await expect(client.vault.protect({ protector: 'key-file', proof: { code: 'AAAA-AAAA' } })).rejects.toThrow(
    code('vault.wrong_code'),
  )
  await underPassphrase()
  const expected = ['code', 'recovery-key', 'backup', 'rotation', 'refused', 'code', 'protection']
  for (const stream of [one, two]) {
    const told: VaultNotice['what'][] = []
    while (told.length < expected.length) {
      const { value } = await stream.next()
      told.push((value as VaultNotice).what)
    }
    expect(told).toEqual(expected)
    await stream.return?.(undefined)
  }
})
