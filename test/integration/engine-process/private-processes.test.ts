import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'
import { linuxOnly } from '../../support/needs.ts'

const launcher = join(import.meta.dirname, '../../../bin/edgekeep.mjs')

/*
 * Every process that has the vault open, or leaf keys: an inspector in one of them, or a core dump of it, is all
 * the keys. Read from /proc, of real processes, that were started with hostile options in the environment.
 */
describe('processes that can hold keys', linuxOnly, () => {
  let folder: string
  let home: string

  beforeAll(async () => {
    folder = temporaryFolder()
    home = join(folder, 'home')
    mkdirSync(home, { mode: 0o700 })
    // Builds the product first: the other commands could not under these options.
    await edgekeep(home, ['vault', 'protect', 'key-file'])
  }, 180_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  function start(args: string[]): ChildProcess {
    return spawn(process.execPath, [launcher, '--home', home, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '--inspect=127.0.0.1:0 --inspect-publish-uid=http' },
    })
  }

  test(
    'engine, worker and command answer SIGUSR1 with nothing, and dump no core',
    { timeout: 120_000 },
    async () => {
      const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
      const running = start(['up', '--no-ui', '--json', ...ports])
      const ended = new Promise((resolve) => running.once('close', resolve))
      await new Promise((resolve) => running.stdout!.once('data', resolve))
      const pids = await descendants(running.pid!, 3)
      expect(pids.map((pid) => commandOf(pid).join(' '))).toEqual([
        expect.stringContaining('cli.js'),
        expect.stringContaining('engine.js'),
        expect.stringContaining('edge-worker.js'),
      ])
      await expectPrivate([...pids])
      // The launcher knows no key, but code in it would be the owner's too.
      await expectDeaf([running.pid!])
      running.kill('SIGINT')
      await ended
    },
  )

  test('so does a command that opens the vault in its own process', { timeout: 120_000 }, async () => {
    const running = start(['vault', 'protect', 'passphrase', '--password-stdin'])
    const ended = new Promise((resolve) => running.once('close', resolve))
    // It waits for the passphrase.
    await expectPrivate(await descendants(running.pid!, 1))
    running.stdin!.end('too few')
    await ended
  })
})

async function expectPrivate(pids: number[]): Promise<void> {
  for (const pid of pids) {
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8')
    expect(/^Max core file size +(\S+) +(\S+)/m.exec(limits)?.slice(1)).toEqual(['0', '0'])
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('NODE_OPTIONS')
    expect(commandOf(pid)).toContain('--disable-sigusr1')
    expect(commandOf(pid).filter((word) => word.startsWith('--inspect'))).toEqual([])
  }
  await expectDeaf(pids)
}

/** An ordinary Node gets the signal after them: when its inspector listens, theirs would too. */
async function expectDeaf(pids: number[]): Promise<void> {
  const before = pids.map(listening)
  const ordinary = spawn(process.execPath, [
    '--inspect-port=0',
    '-e',
    'setInterval(() => {}, 1000); console.log(1)',
  ])
  await new Promise((resolve) => ordinary.stdout.once('data', resolve))
  for (const pid of [...pids, ordinary.pid!]) process.kill(pid, 'SIGUSR1')
  await expect.poll(() => listening(ordinary.pid!).length, { timeout: 20_000 }).toBe(1)
  ordinary.kill('SIGKILL')
  expect(pids.map(listening)).toEqual(before)
  for (const pid of pids) expect(process.kill(pid, 0)).toBe(true)
}

/** Inodes of the listening TCP sockets of a process. */
function listening(pid: number): string[] {
  const rows = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/${pid}/net/${name}`, 'utf8').split('\n'))
  const open = new Set(
    rows.map((row) => row.trim().split(/\s+/)).flatMap((cells) => (cells[3] === '0A' ? [cells[9]] : [])),
  )
  const names = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`))
  return names
    .flatMap((name) => /^socket:\[(\d+)\]$/.exec(name)?.[1] ?? [])
    .filter((inode) => open.has(inode))
    .toSorted()
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // It was closed in the meantime.
    return ''
  }
}

/** The chain of processes below `pid`, once it has `depth` of them and the last has left the shell behind. */
async function descendants(pid: number, depth: number): Promise<number[]> {
  let found: number[] = []
  await expect
    .poll(
      () => {
        found = chainBelow(pid)
        return found.length === depth && found.every(isNode)
      },
      { timeout: 60_000 },
    )
    .toBe(true)
  return found
}

/**
 * The shell that sets the limits has the options among its arguments too, and during `exec` there are none.
 */
function isNode(pid: number): boolean {
  return (
    linkOf(`/proc/${pid}/exe`) === realpathSync(process.execPath) &&
    commandOf(pid).includes('--disable-sigusr1')
  )
}

function chainBelow(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  if (children === '') return []
  const child = Number(children.split(' ')[0])
  return [child, ...chainBelow(child)]
}

function commandOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
}
