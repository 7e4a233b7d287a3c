import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { edgekeep, startEdgekeep } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'
import { filesWith, foundInText, needlesOf } from '../../support/pki/needles.ts'

const authority = createTestAuthority()
const shop = issueTestLeaf(authority, { names: ['shop.test'] })
const needles = needlesOf(shop.keyPem)
const passphrase = 'correct horse battery staple'
/** The recovery key of the vault in `home`, from the command's standard output. */
let recoveryKey: string

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
  const set = (await edgekeep(home, ['vault', 'recovery-key', '--new', '--yes', '--json'])).json()
  recoveryKey = (set['recoveryKey'] as { key: string }).key
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
    expect(ran.out).toContain('Every key is sealed anew. The old key is removed.')
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

describe('the recovery key', () => {
  test('is written once, where that was asked for, and is not to be had again', async () => {
    expect(recoveryKey).toMatch(/^([0-9A-Z]{5}-){7}[0-9A-Z]{5}$/)
    const shown = await edgekeep(home, ['vault', 'recovery-key'])
    expect(shown).toMatchObject({ status: 0, err: '' })
    expect(shown.out).toMatch(/^Recovery key {2}[0-9a-f]{8}$/m)
    const needles = { bytes: [], texts: [recoveryKey, recoveryKey.replaceAll('-', '')] }
    expect(filesWith(home, needles)).toEqual([])
    const unasked = await edgekeep(home, ['vault', 'recovery-key', '--new', '--json'])
    expect(unasked).toMatchObject({ status: 2 })
    expect(unasked.json().error).toMatchObject({ code: 'usage.wrong' })
    expect(shown.out).toBe((await edgekeep(home, ['vault', 'recovery-key'])).out)
  })

  test('is what a backup needs first', async () => {
    const other = join(folder, 'without')
    mkdirSync(other, { mode: 0o700 })
    const ran = await edgekeep(
      other,
      ['backup', file('no.backup'), '--password-stdin', '--json'],
      `${passphrase}\n`,
    )
    expect(ran).toMatchObject({ status: 1 })
    expect(ran.json().error?.code).toBe('recovery.missing')
    expect((await edgekeep(other, ['vault', 'recovery-key'])).out).toContain('--new')
    // Alone on standard output, for a file.
    const made = await edgekeep(other, ['vault', 'recovery-key', '--new', '--yes'])
    expect(made.out).toMatch(/^([0-9A-Z]{5}-){7}[0-9A-Z]{5}\n$/)
    expect(made.err).toMatch(/^Backups are sealed to the recovery key [0-9a-f]{8} from now on/)
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
    const args = ['backup', file('weak.backup'), '--password-stdin', '--json']
    for (const [given, reason] of [
      ['short', '8 characters or more'],
      ['x'.repeat(1025), 'a passphrase has at most 1,024 characters'],
    ] as const) {
      const ran = await edgekeep(home, args, `${given}\n`)
      expect(ran.status).toBe(2)
      expect(ran.json().error?.message).toContain(reason)
    }
  })

  test('is restored into an empty home, whole', async () => {
    const other = join(folder, 'other')
    mkdirSync(other, { mode: 0o700 })
    const args = ['restore', file('all.backup'), '--password-stdin', '--yes']
    const without = await edgekeep(other, [...args, '--json'], `${passphrase}\n`)
    expect(without.json().error?.code).toBe('backup.recovery_key_needed')
    const mistyped = await edgekeep(
      other,
      [...args, '--json'],
      `${passphrase}\n${recoveryKey.slice(0, -1)}\n`,
    )
    expect(mistyped.json().error?.code).toBe('recovery.malformed')
    const restored = await edgekeep(other, args, `${passphrase}\n${recoveryKey}\n`)
    expect(restored).toMatchObject({ status: 0, err: '' })
    expect(restored.out).toContain('The vault is restored: 1 domain, 1 certificate.')
    expect(await certificates(other)).toEqual(await certificates())
    const on = await edgekeep(other, ['https', 'on', 'shop.test', '--json'])
    expect(on.json()).toMatchObject({ ok: true })
  })

  test('asks for a new passphrase if its vault was under one, and restores under it', async () => {
    const [mine, theirs] = [join(folder, 'mine'), join(folder, 'theirs')]
    for (const each of [mine, theirs]) mkdirSync(each, { mode: 0o700 })
    const set = (await edgekeep(mine, ['vault', 'recovery-key', '--new', '--yes', '--json'])).json()
    const { key } = set['recoveryKey'] as { key: string }
    const own = 'a passphrase of the vault'
    await edgekeep(mine, ['vault', 'protect', 'passphrase', '--password-stdin'], `${own}\n`)
    const backup = ['backup', file('mine.backup'), '--password-stdin', '--vault-password-stdin']
    expect(await edgekeep(mine, backup, `${own}\n${passphrase}\n`)).toMatchObject({ status: 0, err: '' })
    const args = ['restore', file('mine.backup'), '--password-stdin', '--yes', '--json']
    const short = await edgekeep(theirs, args, `${passphrase}\n${key}\n`)
    expect(short).toMatchObject({ status: 2 })
    const restored = await edgekeep(theirs, args, `${passphrase}\n${key}\n${own}\n`)
    expect(restored.json()).toMatchObject({ ok: true, protection: { protector: 'passphrase', weak: false } })
    const locked = (await edgekeep(theirs, ['status', '--json'])).json()
    expect(locked).toMatchObject({ status: { protection: { locked: true, protector: 'passphrase' } } })
    const again = ['vault', 'protect', 'passphrase', '--password-stdin', '--vault-password-stdin']
    expect(await edgekeep(theirs, again, `${own}\nnine quiet anvils over Tuesday\n`)).toMatchObject({
      status: 0,
      err: '',
    })
  })

  test('changes nothing with the wrong passphrase or a changed byte', async () => {
    const args = ['restore', file('all.backup'), '--password-stdin', '--yes', '--json']
    const wrong = await edgekeep(home, args, `wrong passphrase\n${recoveryKey}\n`)
    expect(wrong.json().error?.code).toBe('backup.not_opened')
    const bytes = readFileSync(file('all.backup'))
    bytes.writeUInt8(bytes.readUInt8(200) ^ 1, 200)
    writeFileSync(file('changed.backup'), bytes)
    const changed = await edgekeep(
      home,
      ['restore', file('changed.backup'), ...args.slice(2)],
      `${passphrase}\n${recoveryKey}\n`,
    )
    expect(changed.json().error?.code).toBe('backup.not_opened')
    expect(await certificates()).toHaveLength(1)
  })

  test('is not restored on a shrug', async () => {
    const ran = await edgekeep(
      home,
      ['restore', file('all.backup'), '--password-stdin', '--json'],
      `${passphrase}\n${recoveryKey}\n`,
    )
    expect(ran.json().error).toMatchObject({ code: 'usage.wrong' })
  })

  test('restored under a running engine is what the engine serves a moment later', async () => {
    const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
    const running = await startEdgekeep(home, ['--no-ui', ...ports])
    try {
      await edgekeep(home, ['domain', 'add', 'later.test', '--origin', 'http://127.0.0.1:3000'])
      const args = ['restore', file('all.backup'), '--password-stdin', '--yes', '--json']
      const ran = await edgekeep(home, args, `${passphrase}\n${recoveryKey}\n`)
      expect(ran.json()).toMatchObject({ ok: true, restarts: true })
      expect(await domainsAfterRestart()).toEqual(['shop.test'])
      // An engine without its vault exits by itself, with no fatal error.
      expect(loggedAtLeast(60)).toEqual([])
    } finally {
      await running.interrupt()
    }
  })
})

/** Lines of the engine's log at this pino level or above. */
function loggedAtLeast(level: number): string[] {
  const lines = readFileSync(join(home, 'logs', 'engine.log'), 'utf8')
    .trim()
    .split('\n')
  const entries = lines.map((line) => JSON.parse(line) as { level: number; msg: string })
  return entries.filter((entry) => entry.level >= level).map(({ msg }) => msg)
}

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
