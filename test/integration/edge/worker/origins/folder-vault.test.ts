import { execFileSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  connectPlain,
  exchangeBytes,
  routeTo,
  startTestEdge,
  type TestEdge,
} from '../../../../support/edge/edge.ts'
import { temporaryFolder } from '../../../../support/engine/engine.ts'

/*
 * A folder that is served, and a vault's folder that somebody brings into it after the origin was set. Real
 * links, mounts and exchanges; what the edge answers is read from the wire.
 */

let above: string
let vault: string
let site: string
let edge: TestEdge
let mounted: string[]

beforeEach(async () => {
  above = temporaryFolder()
  vault = join(above, 'edgekeep')
  site = join(above, 'site')
  mounted = []
  mkdirSync(join(vault, 'logs'), { recursive: true })
  mkdirSync(site)
  for (const name of ['vault.db', 'vault.db-wal', 'vault-1.key', 'logs/engine.log', 'index.html'])
    writeFileSync(join(vault, name), 'secret')
  writeFileSync(join(site, 'index.html'), 'the shop')
  edge = await startTestEdge([served(site)], { vaultFolder: vault })
})
afterEach(async () => {
  await edge.close()
  for (const place of mounted.toReversed()) execFileSync('umount', [place])
  rmSync(above, { recursive: true })
})

const served = (folder: string) => routeTo(1, { origin: { protocol: 'folder', folder, dotFiles: true } })

async function ask(path: string): Promise<string> {
  const head = `GET ${path} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n`
  return exchangeBytes(await connectPlain(edge.http), head)
}

const expectNothing = (...paths: string[]) => expectRefused('404', paths)

/** Without anything of the vault in the response. */
async function expectRefused(status: '403' | '404', paths: string[]): Promise<void> {
  for (const path of paths) {
    const answer = await ask(path)
    expect(answer.slice(0, 13), path).toBe(`HTTP/1.1 ${status} `)
    expect(answer, path).not.toContain('secret')
  }
}

/** False, with the reason printed, where this system or user cannot. */
function mount(...args: string[]): boolean {
  try {
    execFileSync('mount', args, { stdio: 'pipe' })
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer }
    console.warn(`skipped: this user cannot mount here: ${stderr?.toString().trim() ?? String(error)}`)
    return false
  }
  mounted.push(args.at(-1)!)
  return true
}

function ignoresCase(folder: string): boolean {
  writeFileSync(join(folder, 'Probe'), '')
  if (existsSync(join(folder, 'pROBE'))) return true
  if (!mount('-t', 'tmpfs', '-o', 'casefold', 'tmpfs', folder)) return false
  execFileSync('chattr', ['+F', folder])
  writeFileSync(join(folder, 'Probe'), '')
  return existsSync(join(folder, 'pROBE'))
}

describe('the vault’s folder is not served', () => {
  test('through a symbolic link in the folder, nor one file of it', async () => {
    expect(await ask('/')).toContain('the shop')
    symlinkSync(vault, join(site, 'v'))
    symlinkSync(join(vault, 'vault.db'), join(site, 'db'))
    await expectNothing('/v/vault.db', '/v/', '/v', '/v/logs/engine.log', '/db')
  })

  test('a folder that becomes a link to it, or to its parent, serves nothing', async () => {
    rmSync(site, { recursive: true })
    symlinkSync(vault, site)
    await expectRefused('403', ['/vault.db', '/', '/vault-1.key', '/logs/engine.log', '/logs', '/logs/'])
    unlinkSync(site)
    symlinkSync(above, site)
    const inside = ['/edgekeep/vault.db', '/edgekeep/', '/edgekeep', '/edgekeep/logs/engine.log']
    await expectRefused('403', inside)
  })

  test('a folder that contains it serves everything else', async () => {
    writeFileSync(join(above, 'index.html'), 'above')
    edge.apply({ routes: [served(above)] })
    expect(await ask('/')).toContain('above')
    expect(await ask('/site/')).toContain('the shop')
    const paths = ['/edgekeep', '/edgekeep/', '/edgekeep/index.html', '/edgekeep/vault.db', '/edgekeep/logs/']
    await expectNothing(...paths, '/site/../edgekeep/vault.db', '/site/%2e%2e/edgekeep/vault.db')
  })

  test('through hard links, also of files that came a moment ago', async () => {
    for (const name of ['vault.db', 'vault.db-wal', 'vault-1.key'])
      linkSync(join(vault, name), join(site, name))
    await expectNothing('/vault.db', '/vault.db-wal', '/vault-1.key')
    // Longer than the guard treats a folder as changing, so it has cached it.
    await delay(2_200)
    await expectNothing('/vault.db')
    writeFileSync(join(vault, 'vault-2.key'), 'secret')
    linkSync(join(vault, 'vault-2.key'), join(site, 'new.txt'))
    await expectNothing('/vault.db', '/new.txt')
  })

  test('a file of it that is a link to another disk is not served there either', async () => {
    const real = join(site, 'elsewhere.db')
    renameSync(join(vault, 'vault.db'), real)
    symlinkSync(real, join(vault, 'vault.db'))
    await expectNothing('/elsewhere.db')
    expect(await ask('/')).toContain('the shop')
  })

  test('through a mount of it, of a folder in it and of a file of it', async (context) => {
    for (const name of ['whole', 'logs']) mkdirSync(join(site, name))
    writeFileSync(join(site, 'one.txt'), '')
    const isMounted =
      mount('--bind', vault, join(site, 'whole')) &&
      mount('--bind', join(vault, 'logs'), join(site, 'logs')) &&
      mount('--bind', join(vault, 'vault.db'), join(site, 'one.txt'))
    context.skip(!isMounted, 'this user cannot mount')
    await expectNothing('/whole/vault.db', '/whole', '/whole/', '/logs/engine.log', '/logs', '/one.txt')
  })

  test('another spelling of its name on a case-insensitive file system serves nothing', async (context) => {
    const disk = join(above, 'disk')
    mkdirSync(disk)
    // macOS and Windows do by themselves; of Linux, tmpfs since 6.13 where the kernel is built for it.
    context.skip(!ignoresCase(disk), 'no file system that ignores case can be made here')
    mkdirSync(join(disk, 'Edgekeep'))
    writeFileSync(join(disk, 'Edgekeep', 'vault.db'), 'secret')
    writeFileSync(join(disk, 'index.html'), 'the shop')
    edge.apply({ routes: [served(disk)], vaultFolder: join(disk, 'Edgekeep') })
    expect(await ask('/INDEX.html')).toContain('the shop')
    await expectNothing('/EDGEKEEP/VAULT.DB', '/edgekeep/vault.db', '/EDGEKEEP', '/eDGEKEEP/')
  })

  test(
    'while a link is exchanged between the folder and the vault all the time',
    { timeout: 60_000 },
    async () => {
      const [link, good] = [join(site, 'here'), join(site, 'good')]
      mkdirSync(good)
      writeFileSync(join(good, 'vault.db'), 'harmless')
      let isOver = false
      const exchange = async () => {
        for (let turn = 0; !isOver; turn += 1) {
          symlinkSync(turn % 2 ? vault : good, `${link}.new`)
          renameSync(`${link}.new`, link)
          // Lets other requests of this process run in between.
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      const exchanging = exchange()
      const answers: string[] = []
      for (let asked = 0; asked < 400; asked += 20)
        answers.push(...(await Promise.all(Array.from({ length: 20 }, () => ask('/here/vault.db')))))
      isOver = true
      await exchanging
      expect(answers.filter((answer) => answer.includes('secret'))).toEqual([])
      expect(answers.some((answer) => answer.includes('harmless'))).toBe(true)
    },
  )

  test('a folder serves nothing at all when the vault cannot be found', async () => {
    renameSync(vault, join(site, basename(vault)))
    const answer = await ask('/edgekeep/vault.db')
    expect(answer).toMatch(/^HTTP\/1\.1 502 /)
    expect(answer).not.toContain('secret')
    expect(await ask('/')).toMatch(/^HTTP\/1\.1 502 /)
  })
})

describe('a special file', () => {
  test('is not opened and holds no request: pipes, devices, sockets, and folders that contain themselves', async () => {
    execFileSync('mkfifo', [join(site, 'pipe')])
    symlinkSync('/dev/zero', join(site, 'zero'))
    symlinkSync('/dev/tty', join(site, 'tty'))
    symlinkSync('loop', join(site, 'loop'))
    symlinkSync('/proc/self/environ', join(site, 'environ'))
    await expectNothing('/pipe', '/zero', '/tty', '/loop', '/environ', '/index.html/', '/pipe/')
    try {
      execFileSync('mknod', [join(site, 'device'), 'c', '1', '5'], { stdio: 'ignore' })
    } catch {
      console.warn('not tried: this user cannot make a device')
      return
    }
    await expectNothing('/device')
  })
})
