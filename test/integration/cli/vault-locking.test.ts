import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep, edgekeepProcess, homeWithKeyFile, startEdgekeep } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'
import { filesWith } from '../../support/pki/needles.ts'

const passphrase = 'correct horse battery staple'
const typed = `${passphrase}\n`
const needles = { bytes: [Buffer.from(passphrase)], texts: [passphrase] }

let folder: string
let home: string

beforeAll(async () => {
  folder = temporaryFolder()
  home = await homeWithKeyFile(folder)
  await edgekeep(home, ['vault', 'recovery-key', '--new', '--yes'])
})
afterAll(() => rmSync(folder, { recursive: true }))

async function status(): Promise<{ protection: Record<string, unknown>; locking: unknown }> {
  const { status: told } = (await edgekeep(home, ['status', '--json'])).json()
  return told as { protection: Record<string, unknown>; locking: unknown }
}

describe('vault commands without an engine', () => {
  test('vault protect shows the current protector and the available ones', async () => {
    const shown = await edgekeep(home, ['vault', 'protect'])
    expect(shown).toMatchObject({ status: 0, err: '' })
    expect(shown.out).toMatch(/^Protected by +key-file\. /)
    expect(shown.out).toMatch(/\nos-keychain +\S/)
    expect(shown.out).toMatch(/\npassphrase +possible here/)
    const { protectors } = (await edgekeep(home, ['vault', 'protect', '--json'])).json()
    expect((protectors as { protector: string }[]).map(({ protector }) => protector)).toContain('passphrase')
  })

  test('a passphrase is set from standard input, and is eight characters or more', async () => {
    const short = await edgekeep(home, ['vault', 'protect', 'passphrase', '--password-stdin'], 'sieben7\n')
    expect(short.status).toBe(2)
    expect(short.err).toContain('8 characters or more')
    const none = await edgekeep(home, ['vault', 'protect', 'passphrase', '--json'])
    expect(none).toMatchObject({ status: 2 })
    expect(none.json().error?.message).toBe(
      'A new passphrase for the vault is needed, and there is no terminal to ask at. Give it on standard input with --password-stdin.',
    )
    const set = await edgekeep(home, ['vault', 'protect', 'passphrase', '--password-stdin'], typed)
    expect(set).toMatchObject({ status: 0, err: '' })
    expect(set.out).toContain('derived from your passphrase')
    expect(await status()).toMatchObject({ protection: { protector: 'passphrase', locked: true } })
  })

  test('a passphrase that could be guessed is accepted, with a warning', async () => {
    const guessable = ['vault', 'protect', 'passphrase', '--password-stdin']
    mkdirSync(join(folder, 'guessable'), { mode: 0o700 })
    const set = await edgekeep(join(folder, 'guessable'), guessable, 'password1234567890\n')
    expect(set).toMatchObject({ status: 0, err: expect.stringContaining('is easy to guess') })
    expect(set.err).not.toContain('password1234567890')
  })

  test('a locked vault lists what is not secret, and refuses changes', async () => {
    expect((await edgekeep(home, ['domain', 'list'])).out).toContain('shop.test')
    expect((await edgekeep(home, ['status'])).out).toContain('it is protected by a passphrase')
    const added = await edgekeep(home, [
      'domain',
      'add',
      'b.test',
      '--origin',
      'http://127.0.0.1:1',
      '--json',
    ])
    expect(added.status).toBe(3)
    expect(added.json().error?.code).toBe('vault.locked')
  })

  test('a command takes the passphrase of the vault and then its own from standard input', async () => {
    const add = ['domain', 'add', 'b.test', '--origin', 'http://127.0.0.1:1', '--vault-password-stdin']
    expect(await edgekeepProcess(home, add, typed)).toMatchObject({ status: 0, err: '' })
    const backup = ['backup', join(folder, 'b'), '--vault-password-stdin', '--password-stdin']
    expect(await edgekeepProcess(home, backup, `${typed}another passphrase\n`)).toMatchObject({
      status: 0,
      err: '',
    })
    const rotate = await edgekeep(home, ['vault', 'rotate', '--vault-password-stdin'], typed)
    expect(rotate).toMatchObject({ status: 0, err: '' })
    const wrong = await edgekeep(home, [...add, '--json'], 'not it at all\n')
    expect(wrong.status).toBe(2)
    expect(wrong.json().error?.code).toBe('vault.wrong_passphrase')
  })

  test(
    'wrong passphrases make the next command wait, also with the right one',
    { timeout: 120_000 },
    async () => {
      const attempt = async (line: string) => {
        const ran = await edgekeep(home, ['--vault-password-stdin', 'audit', '--verify', '--json'], line)
        return ran.status === 0 ? 'ok' : (ran.json().error?.code ?? '')
      }
      expect(await attempt(typed)).toBe('ok')
      const codes: string[] = []
      // On a machine so slow that a second is over before the next command, a later wait is longer.
      while (codes.at(-1) !== 'vault.too_many_attempts' && codes.length < 12)
        codes.push(await attempt('not the passphrase\n'))
      expect(codes.slice(0, 5)).toEqual(Array(5).fill('vault.wrong_passphrase'))
      expect(codes.at(-1)).toBe('vault.too_many_attempts')
      await expect.poll(() => attempt(typed), { timeout: 90_000, interval: 200 }).toBe('ok')
    },
  )

  test('there is nothing to lock or unlock', async () => {
    expect(await edgekeep(home, ['lock'])).toMatchObject({ status: 0 })
    const unlock = await edgekeep(home, ['unlock', '--password-stdin', '--json'], typed)
    expect(unlock.json().error?.code).toBe('engine.unreachable')
  })
})

describe('vault commands with a running engine', () => {
  test('the vault is unlocked, set to lock itself, and locked again', { timeout: 90_000 }, async () => {
    const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
    const running = await startEdgekeep(home, ['--no-ui', ...ports])
    try {
      const wrong = await edgekeep(home, ['unlock', '--password-stdin', '--json'], 'wrong passphrase\n')
      expect(wrong.json().error?.code).toBe('vault.wrong_passphrase')
      const needed = await edgekeep(home, ['unlock', '--json'])
      expect(needed.json().error?.code).toBe('vault.passphrase_needed')
      const unlocked = await edgekeep(home, ['unlock', '--password-stdin'], typed)
      expect(unlocked).toMatchObject({ status: 0, err: '', out: 'The vault is unlocked.\n' })
      expect((await edgekeep(home, ['unlock'])).out).toContain('already unlocked')
      const again = ['vault', 'protect', 'passphrase', '--password-stdin']
      expect((await edgekeep(home, [...again, '--json'], typed)).json().error?.code).toBe(
        'vault.passphrase_needed',
      )
      const proven = await edgekeep(home, [...again, '--vault-password-stdin'], typed + typed)
      expect(proven).toMatchObject({ status: 0, err: '' })
      const locking = ['vault', 'locking', '--auto-lock', '15', '--stop-serving', 'yes']
      expect((await edgekeep(home, locking)).out).toContain('after 15 minutes')
      expect((await status()).locking).toEqual({ autoLockMinutes: 15, stopServing: true })
      const locked = await edgekeep(home, ['lock'])
      expect(locked.out).toContain('The edge has stopped serving HTTPS.')
      const refused = await edgekeep(home, ['vault', 'locking', '--auto-lock', 'off', '--json'])
      expect(refused).toMatchObject({ status: 3 })
      expect((await edgekeep(home, ['vault', 'locking'])).out).toContain('after 15 minutes')
      expect((await edgekeep(home, ['vault', 'locking', '--auto-lock', '0'])).status).toBe(2)
      expect((await edgekeep(home, ['vault', 'locking', '--stop-serving', 'maybe'])).status).toBe(2)
      if (process.platform === 'linux') expectNoCoreDumps()
    } finally {
      await running.interrupt()
    }
    expect(filesWith(home, needles)).toEqual([])
  })
})

/** Engine and worker are known by the home in their arguments, and by their parent. */
function expectNoCoreDumps(): void {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(factsOf)
  const engine = processes.find(({ command }) => command.includes('engine.js') && command.includes(home))
  const worker = processes.find(({ parent }) => parent === engine?.pid)
  expect(engine?.coreLimit).toEqual(['0', '0'])
  expect(worker?.coreLimit).toEqual(['0', '0'])
}

function factsOf(pid: string) {
  try {
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8')
    const [soft = '', hard = ''] = /^Max core file size +(\S+) +(\S+)/m.exec(limits)?.slice(1) ?? []
    const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
    return { pid, parent, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8'), coreLimit: [soft, hard] }
  } catch {
    // It has ended in the meantime.
    return { pid, parent: '', command: '', coreLimit: [] }
  }
}
