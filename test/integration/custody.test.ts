import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../support/certificates.ts'
import { edgekeep, startEdgekeep } from '../support/cli.ts'
import { temporaryFolder } from '../support/engine.ts'
import { freePort } from '../support/free-port.ts'
import { filesWith, foundInText, needlesOf } from '../support/needles.ts'

const authority = createTestAuthority()
const shop = issueTestLeaf(authority, { names: ['shop.test'] })
const needles = needlesOf(shop.keyPem)
const passphrase = 'correct horse battery staple'

let folder: string
let home: string
const file = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = temporaryFolder()
  home = join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  writeFileSync(file('shop.pem'), shop.chainPem + shop.keyPem)
  await edgekeep(home, ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:3000'])
  await edgekeep(home, ['https', 'on', 'shop.test', '--upload', file('shop.pem'), '--keep'])
  rmSync(file('shop.pem'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function certificates(of = home): Promise<unknown[]> {
  return (await edgekeep(of, ['cert', 'list', '--json'])).json()['certificates'] as unknown[]
}

describe('the key of the vault', () => {
  test('is rotated on a word, and everything still opens', async () => {
    const before = readFileSync(join(home, 'vault.db'))
    const ran = await edgekeep(home, ['vault', 'rotate'])
    expect(ran).toMatchObject({ status: 0, err: '' })
    expect(ran.out).toContain('Every key is sealed anew. The old key is forgotten.')
    expect(readFileSync(join(home, 'vault.db')).equals(before)).toBe(false)
    expect(await certificates()).toHaveLength(1)
    expect((await edgekeep(home, ['audit', '--verify'])).status).toBe(0)
  })

  test('is not moved to a keychain that does not work, and stays as it was', async () => {
    const ran = await edgekeep(home, ['vault', 'protect', 'os-keychain', '--json'])
    if (ran.status === 0) return
    expect(ran.json().error?.code).toBe('vault.protector_failed')
    expect(await certificates()).toHaveLength(1)
  })
})

describe('a backup', () => {
  test('is one file for its owner alone, and shows nothing', async () => {
    const ran = await edgekeep(home, ['backup', file('all.backup'), '--password-stdin'], `${passphrase}\n`)
    expect(ran).toMatchObject({ status: 0, err: '' })
    expect(foundInText(ran.out, { bytes: [], texts: [passphrase] })).toEqual([])
    expect(statSync(file('all.backup')).mode & 0o077).toBe(0)
    expect(readFileSync(file('all.backup'), 'latin1')).not.toContain('shop.test')
    expect(filesWith(folder, needles)).toEqual([])
  })

  test('needs a passphrase worth the name', async () => {
    const ran = await edgekeep(home, ['backup', file('weak.backup'), '--password-stdin', '--json'], 'short\n')
    expect(ran.status).toBe(2)
    expect(ran.json().error?.message).toContain('8 characters or more')
  })

  test('is restored into an empty home, whole', async () => {
    const other = join(folder, 'other')
    mkdirSync(other, { mode: 0o700 })
    const args = ['restore', file('all.backup'), '--password-stdin', '--yes']
    expect(await edgekeep(other, args, `${passphrase}\n`)).toMatchObject({ status: 0, err: '' })
    expect(await certificates(other)).toEqual(await certificates())
    const on = await edgekeep(other, ['https', 'on', 'shop.test', '--json'])
    expect(on.json()).toMatchObject({ ok: true })
  })

  test('with the wrong passphrase or a changed byte changes nothing', async () => {
    const args = ['restore', file('all.backup'), '--password-stdin', '--yes', '--json']
    const wrong = await edgekeep(home, args, 'wrong passphrase\n')
    expect(wrong.json().error?.code).toBe('backup.not_opened')
    const bytes = readFileSync(file('all.backup'))
    bytes.writeUInt8(bytes.readUInt8(200) ^ 1, 200)
    writeFileSync(file('changed.backup'), bytes)
    const changed = await edgekeep(
      home,
      ['restore', file('changed.backup'), ...args.slice(2)],
      `${passphrase}\n`,
    )
    expect(changed.json().error?.code).toBe('backup.not_opened')
    expect(await certificates()).toHaveLength(1)
  })

  test('is not restored on a shrug', async () => {
    const ran = await edgekeep(
      home,
      ['restore', file('all.backup'), '--password-stdin', '--json'],
      `${passphrase}\n`,
    )
    expect(ran.json().error).toMatchObject({ code: 'usage.wrong' })
  })

  test('restored under a running engine is what the engine serves a moment later', async () => {
    const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
    const running = await startEdgekeep(home, ['--no-ui', ...ports])
    try {
      await edgekeep(home, ['domain', 'add', 'later.test', '--origin', 'http://127.0.0.1:3000'])
      const args = ['restore', file('all.backup'), '--password-stdin', '--yes', '--json']
      const ran = await edgekeep(home, args, `${passphrase}\n`)
      expect(ran.json()).toMatchObject({ ok: true, restarts: true })
      expect(await domainsAfterRestart()).toEqual(['shop.test'])
    } finally {
      await running.interrupt()
    }
  })
})

/** The engine answers until it ends, and again when its host has brought it back. */
async function domainsAfterRestart(): Promise<string[]> {
  for (let tries = 0; ; tries += 1) {
    const ran = await edgekeep(home, ['status', '--json'])
    const status =
      ran.status === 0
        ? (ran.json() as unknown as { running: boolean; status: { domains: { total: number } } })
        : null
    if (status?.running && status.status.domains.total === 1) break
    if (tries > 60) throw new Error('The engine did not come back')
    await pause(100)
  }
  const list = (await edgekeep(home, ['domain', 'list', '--json'])).json()
  return (list['domains'] as { name: string }[]).map(({ name }) => name)
}
