import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bundledProgram } from '../../../support/processes/bundled-program.ts'
import {
  addCertificate,
  exampleOrigin,
  failureOf,
  openTestVault,
  temporaryHome,
} from '../../../support/vault/vault.ts'
import { posixOnly, unless } from '../../../support/needs.ts'

const pageBytes = 4096

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}

function contentOf(folder: string): Record<string, string> {
  const names = readdirSync(folder)
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')
  return Object.fromEntries(names.map((name) => [name, digest(name)]))
}

describe('the folder and its files', posixOnly, () => {
  test('are for their owner alone, even under a umask that would let all in', async () => {
    const folder = join(temporaryHome(), 'new', 'home')
    const before = process.umask(0)
    onTestFinished(() => void process.umask(before))
    const vault = await openTestVault(folder)
    addCertificate(vault, Buffer.from('key'))
    expect(modeOf(folder)).toBe('700')
    const names = readdirSync(folder)
    expect(names).toEqual(expect.arrayContaining(['vault.db', 'vault.db-wal', 'vault.lock']))
    for (const name of names) expect([name, modeOf(join(folder, name))]).toEqual([name, '600'])
  })

  test('an empty folder is tightened, one with something in it is refused', async () => {
    const empty = temporaryHome()
    chmodSync(empty, 0o755)
    await openTestVault(empty)
    expect(modeOf(empty)).toBe('700')
    const used = temporaryHome()
    writeFileSync(join(used, 'notes.txt'), 'mine')
    chmodSync(used, 0o755)
    expect(await failureOf(() => openTestVault(used))).toMatchObject({ code: 'home.unusable' })
    expect(modeOf(used)).toBe('755')
  })

  test.each(['vault.db', 'vault.lock'])(
    'are refused with a sentence when others can read %s',
    async (name) => {
      const folder = temporaryHome()
      ;(await openTestVault(folder)).close()
      chmodSync(join(folder, name), 0o604)
      const failure = await failureOf(() => openTestVault(folder))
      expect(failure).toMatchObject({ code: 'home.unusable' })
      expect((failure as Error).message).toMatch(/others on this machine can reach its .* \(mode 604\)/)
    },
  )

  test(
    'are refused when they belong to another user',
    unless(process.getuid?.() === 0 ? null : 'only root gives files away'),
    async () => {
      const { chownSync } = await import('node:fs')
      const folder = temporaryHome()
      chownSync(folder, 65_534, 65_534)
      const reason = 'it belongs to another user'
      expect(await failureOf(() => openTestVault(folder))).toMatchObject({ data: { reason } })
    },
  )
})

describe('a folder that cannot be used', () => {
  test('is a file, lies under a file, or leads nowhere', async () => {
    const folder = temporaryHome()
    const file = join(folder, 'file')
    writeFileSync(file, '')
    symlinkSync(join(folder, 'nowhere', 'at', 'all'), join(folder, 'link'))
    for (const path of [file, join(file, 'home'), join(folder, 'link')])
      expect(await failureOf(() => openTestVault(path))).toMatchObject({ code: 'home.unusable' })
  })
})

describe('one vault, one engine', () => {
  test('a second one in the same process is refused, and the first keeps its lock', async () => {
    const folder = temporaryHome()
    const first = await openTestVault(folder)
    for (let attempt = 0; attempt < 2; attempt += 1)
      expect(await failureOf(() => openTestVault(folder))).toMatchObject({ code: 'engine.busy' })
    expect(await outcomeOf(await startElsewhere(folder))).toEqual({ error: 'engine.busy' })
    first.close()
    expect((await openTestVault(folder)).configurationVersion()).toBe(0)
  })

  test('a process that is killed gives the vault free at once', async () => {
    const folder = temporaryHome()
    const holder = await startElsewhere(folder)
    expect(await outcomeOf(holder)).toEqual({ open: true })
    expect(await failureOf(() => openTestVault(folder))).toMatchObject({ code: 'engine.busy' })
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect((await openTestVault(folder)).domains.list()).toHaveLength(1)
  })
})

async function startElsewhere(folder: string) {
  const program = await bundledProgram('vault/vault-process.ts')
  const child = spawn(process.execPath, [program, 'hold', folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Reads the process's outcome: the vault was opened, or why not. */
async function outcomeOf(child: Awaited<ReturnType<typeof startElsewhere>>): Promise<unknown> {
  for await (const line of createInterface(child.stdout))
    if (line !== '{"opening":true}') return JSON.parse(line) as unknown
  return undefined
}

describe('an unusable database', () => {
  test('is refused and left as it is, to the byte, if its schema is newer', async () => {
    const folder = temporaryHome()
    const vault = await openTestVault(folder)
    vault.domains.insert({ name: 'a.test', origin: exampleOrigin })
    vault.close()
    const newer = new Database(join(folder, 'vault.db'))
    const known = newer.pragma('user_version', { simple: true }) as number
    newer.pragma('user_version = 99')
    newer.close()
    const before = contentOf(folder)
    const failure = await failureOf(() => openTestVault(folder))
    expect(failure).toMatchObject({ code: 'vault.newer', data: { found: 99, known } })
    expect(contentOf(folder)).toEqual(before)
  })

  test('is refused, or opens whole, with any page zeroed', async () => {
    const folder = temporaryHome()
    const vault = await openTestVault(folder)
    for (let index = 0; index < 30; index += 1) addCertificate(vault, Buffer.alloc(1700, index))
    vault.close()
    const path = join(folder, 'vault.db')
    const sound = readFileSync(path)
    let refused = 0
    for (let page = 0; page < sound.length / pageBytes; page += 1) {
      writeFileSync(path, sound)
      const handle = openSync(path, 'r+')
      writeSync(handle, Buffer.alloc(pageBytes), 0, pageBytes, page * pageBytes)
      const failure = await failureOf(async () => {
        const opened = await openTestVault(folder)
        opened.close()
        throw new Error('opened')
      })
      if ((failure as Error).message === 'opened') continue
      expect(failure).toMatchObject({ code: 'vault.damaged' })
      refused += 1
    }
    expect(refused).toBeGreaterThan(20)
    writeFileSync(path, sound)
    expect((await openTestVault(folder)).certificates.list()).toHaveLength(30)
  })

  test('is made anew, or deleted, if it was half-made when the process ended', async () => {
    const folder = temporaryHome()
    const halfMade = ['vault.db.new', 'vault.db.new-journal']
    for (let round = 0; round < 2; round += 1) {
      for (const name of halfMade) writeFileSync(join(folder, name), 'half', { mode: 0o600 })
      const vault = await openTestVault(folder)
      expect(vault.domains.list()).toEqual([])
      expect(readdirSync(folder)).not.toEqual(expect.arrayContaining(halfMade))
      vault.close()
    }
  })

  test('is not made anew if only its write-ahead log is left', async () => {
    const folder = temporaryHome()
    ;(await openTestVault(folder)).close()
    rmSync(join(folder, 'vault.db'))
    writeFileSync(join(folder, 'vault.db-wal'), 'frames')
    expect(await failureOf(() => openTestVault(folder))).toMatchObject({ code: 'vault.damaged' })
    expect(readFileSync(join(folder, 'vault.db-wal'), 'utf8')).toBe('frames')
  })

  test('is refused if it is another program’s, no database, or empty', async () => {
    const folder = temporaryHome()
    ;(await openTestVault(folder)).close()
    const path = join(folder, 'vault.db')
    const cases = [
      () => truncateSync(path, 0),
      () => writeFileSync(path, 'not a database at all'.repeat(500)),
      () => {
        truncateSync(path, 0)
        const other = new Database(path)
        other.exec('CREATE TABLE notes (text TEXT)')
        other.close()
      },
    ]
    for (const spoil of cases) {
      spoil()
      expect(await failureOf(() => openTestVault(folder))).toMatchObject({ code: 'vault.damaged' })
    }
  })
})

test('a folder made by hand keeps what else is in it', async () => {
  const folder = temporaryHome()
  mkdirSync(join(folder, 'logs'), { mode: 0o700 })
  await openTestVault(folder)
  expect(readdirSync(folder)).toContain('logs')
})
