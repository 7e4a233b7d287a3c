import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { spliceFor } from '../../../../src/engine/names/hosts-file.ts'
import { lookAtHosts } from '../../../../src/engine/names/hosts-place.ts'
import { hostsFileScript } from '../../../../src/engine/names/hosts-file-script.ts'
import { unless } from '../../../support/needs.ts'

/* Files of the administrator's in a folder of the administrator's, as /etc/hosts is. */

const isRoot = process.getuid?.() === 0 && process.platform === 'linux'
const missing = isRoot ? undefined : 'only root of a Linux has files that are the administrator’s'

const hostEnvironment = {
  platform: process.platform,
  home: '/',
  env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  folder: '/',
}
const lines = '127.0.0.1\tlocalhost\n10.0.0.1 nas # theirs\n'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(homedir(), '.edgekeep-hosts-'))
  path = join(folder, 'hosts')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function carryOut(script: string) {
  return spawnSync('/bin/sh', ['-c', `umask 022\n(set -e\n${script}\n)`], { encoding: 'utf8' })
}

async function scriptFor(names: string[]): Promise<string> {
  const { real, file } = await lookAtHosts(hostEnvironment, path)
  if (!file) throw new Error('The hosts file could not be read.')
  return hostsFileScript(real, file, spliceFor(file, names))
}

describe('a hosts file', unless(missing), () => {
  test('gets a block with its own CRLF line ends, and is as before after the undo', async () => {
    const bytes = Buffer.from(lines.replaceAll('\n', '\r\n'))
    writeFileSync(path, bytes)
    expect(await lookAtHosts(hostEnvironment, path)).toMatchObject({
      obstacle: null,
      file: { lineEnd: '\r\n' },
    })
    expect(carryOut(await scriptFor(['shop.test'])).status).toBe(0)
    const text = readFileSync(path, 'latin1')
    expect(text.startsWith(bytes.toString('latin1'))).toBe(true)
    expect(text.match(/[^\r]\n/g)).toBeNull()
    expect(text).toContain('127.0.0.1 shop.test\r\n')
    expect(carryOut(await scriptFor([])).status).toBe(0)
    expect(readFileSync(path)).toEqual(bytes)
  })

  test('behind a link is changed where it is, and the link stays', async () => {
    const real = join(folder, 'hosts.real')
    writeFileSync(real, lines)
    chmodSync(real, 0o640)
    symlinkSync('hosts.real', path)
    expect(await lookAtHosts(hostEnvironment, path)).toMatchObject({ path, real, obstacle: null })
    expect(carryOut(await scriptFor(['shop.test'])).status).toBe(0)
    expect(readlinkSync(path)).toBe('hosts.real')
    expect(readFileSync(real, 'utf8')).toContain('127.0.0.1 shop.test\n')
    expect(lstatSync(real).mode & 0o777).toBe(0o640)
    expect(carryOut(await scriptFor([])).status).toBe(0)
    expect(readFileSync(real, 'utf8')).toBe(lines)
    expect(readdirSync(folder).toSorted()).toEqual(['hosts', 'hosts.real'])
  })

  test('is left alone behind a link to a place where others can write', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'edgekeep-hosts-'))
    writeFileSync(join(elsewhere, 'hosts'), lines)
    symlinkSync(join(elsewhere, 'hosts'), path)
    const { obstacle } = await lookAtHosts(hostEnvironment, path)
    expect(obstacle?.sentence).toContain('somebody besides the administrator')
    rmSync(elsewhere, { recursive: true })
  })

  test('has a sentence if it is a loop, a folder or absent', async () => {
    expect((await lookAtHosts(hostEnvironment, path)).obstacle?.sentence).toContain('is not there')
    symlinkSync('hosts', path)
    expect((await lookAtHosts(hostEnvironment, path)).obstacle?.sentence).toContain('is not there')
    expect((await lookAtHosts(hostEnvironment, folder)).obstacle?.sentence).toContain('is not a file')
  })

  test('shows the command that lifts its immutable flag, and a script that runs anyway changes nothing', async ({
    skip,
  }) => {
    writeFileSync(path, lines)
    if (spawnSync('chattr', ['+i', path]).status !== 0) skip('chattr +i does not work here.')
    try {
      const { obstacle } = await lookAtHosts(hostEnvironment, path)
      expect(obstacle?.sentence).toContain(`sudo chattr -i ${path}`)
      expect(carryOut(await scriptFor(['shop.test'])).status).not.toBe(0)
      expect(readFileSync(path, 'utf8')).toBe(lines)
      expect(readdirSync(folder)).toEqual(['hosts'])
    } finally {
      spawnSync('chattr', ['-i', path])
    }
  })

  test('is reported as mounted from outside, and a script that runs anyway changes nothing', async ({
    skip,
  }) => {
    writeFileSync(path, lines)
    const outside = join(folder, 'outside')
    writeFileSync(outside, `${lines}# outside\n`)
    const script = await scriptFor(['shop.test'])
    const mounted = (command: string[]) =>
      spawnSync(
        'unshare',
        ['-m', 'sh', '-c', 'mount --bind "$0" "$1" && shift && "$@"', outside, path, ...command],
        {
          encoding: 'utf8',
        },
      )
    if (mounted(['true']).status !== 0) skip('unshare and mount do not work here.')
    const module = join(import.meta.dirname, '../../../../src/engine/names/hosts-place.ts')
    const source = `const { lookAtHosts } = await import(${JSON.stringify(module)})
console.log((await lookAtHosts(${JSON.stringify(hostEnvironment)}, ${JSON.stringify(path)})).obstacle?.sentence)`
    const looked = mounted([process.execPath, '--input-type=module', '-e', source])
    expect(looked.stdout).toContain('is mounted from outside')
    writeFileSync(outside, lines)
    const ran = mounted(['/bin/sh', '-c', `(set -e\n${script}\n)`])
    expect(ran.status).not.toBe(0)
    expect([readFileSync(path, 'utf8'), readFileSync(outside, 'utf8')]).toEqual([lines, lines])
    expect(readdirSync(folder).toSorted()).toEqual(['hosts', 'outside'])
  })
})
