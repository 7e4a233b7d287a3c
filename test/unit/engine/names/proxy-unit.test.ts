import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { lookAtProxyUnit, proxyUnitFiles } from '../../../../src/engine/names/proxy-unit.ts'
import type { HostEnvironment } from '../../../../src/platform/commands/host-environment.ts'
import { unless } from '../../../support/needs.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

let home: string
let hostEnvironment: HostEnvironment
beforeEach(() => {
  home = temporaryFolder()
  const runtime = join(home, 'runtime')
  mkdirSync(join(runtime, 'systemd'), { recursive: true })
  writeFileSync(join(runtime, 'systemd', 'private'), '')
  const root = join(home, 'root')
  executable(join(root, 'usr/lib/systemd/systemd-socket-proxyd'))
  executable(join(root, 'bin/systemctl'))
  const env = { XDG_RUNTIME_DIR: runtime, PATH: join(root, 'bin') }
  hostEnvironment = { platform: 'linux', home, env, folder: home, root }
})

function executable(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 })
}

function write(socketPath = '/home/me/.local/share/edgekeep/proxy.sock'): string[] {
  const { place } = lookAtProxyUnit(hostEnvironment)
  mkdirSync(place, { recursive: true })
  const files = proxyUnitFiles(hostEnvironment, { place, port: 8888, socketPath })
  for (const { path, text } of files) writeFileSync(path, text)
  return files.map(({ path }) => path)
}

describe('The unit for the port of the PAC file', () => {
  test('listens on the loopback alone, and is recognised with its port', () => {
    expect(lookAtProxyUnit(hostEnvironment)).toEqual({
      place: join(home, '.config/systemd/user'),
      port: null,
      obstacle: null,
    })
    write()
    expect(lookAtProxyUnit(hostEnvironment)).toMatchObject({ port: 8888, obstacle: null })
  })

  test('lies where XDG_CONFIG_HOME says, unless that is relative', () => {
    hostEnvironment.env['XDG_CONFIG_HOME'] = join(home, 'config')
    expect(lookAtProxyUnit(hostEnvironment).place).toBe(join(home, 'config/systemd/user'))
    hostEnvironment.env['XDG_CONFIG_HOME'] = 'config'
    expect(lookAtProxyUnit(hostEnvironment).place).toBe(join(home, '.config/systemd/user'))
  })

  test.each<[string, () => void, string]>([
    ['on macOS', () => (hostEnvironment.platform = 'darwin'), 'only Linux has systemd'],
    [
      'without a systemd of this user',
      () => (hostEnvironment.env['XDG_RUNTIME_DIR'] = join(home, 'nothing')),
      'systemd runs no services for this user here',
    ],
    [
      'without systemctl',
      () => (hostEnvironment.env['PATH'] = ''),
      'systemctl or systemd-socket-proxyd is missing',
    ],
    [
      'without the relay',
      () => (hostEnvironment.root = join(home, 'empty')),
      'systemctl or systemd-socket-proxyd is missing',
    ],
  ])('cannot be there %s', (_where, change, obstacle) => {
    change()
    expect(lookAtProxyUnit(hostEnvironment).obstacle).toBe(obstacle)
  })

  test('leaves alone another program’s unit of its name', () => {
    const [, socket] = write()
    writeFileSync(socket!, '[Socket]\nListenStream=127.0.0.1:8888\n')
    expect(lookAtProxyUnit(hostEnvironment)).toMatchObject({
      port: null,
      obstacle: `${socket} is not Edgekeep’s`,
    })
  })

  test('keeps a path with spaces, quotes, dollars and percents one word', () => {
    const [service] = proxyUnitFiles(hostEnvironment, {
      place: home,
      port: 1,
      socketPath: '/a "b"/$c/100%/\\d',
    })
    expect(service!.text).toContain('systemd-socket-proxyd "/a \\"b\\"/$$c/100%%/\\\\d"\n')
  })

  const analyze = '/usr/bin/systemd-analyze'
  test(
    'is taken by systemd as it is written',
    unless(existsSync(analyze) ? undefined : 'systemd-analyze is not installed'),
    () => {
      delete hostEnvironment.root
      const files = write('/tmp/a "b" 100%/proxy.sock')
      const { status, stderr } = spawnSync(analyze, ['verify', '--user', '--man=no', ...files], {
        encoding: 'utf8',
        env: { HOME: home, XDG_RUNTIME_DIR: home, PATH: '/usr/bin:/bin' },
      })
      expect(stderr.split('\n').filter((line) => line.includes('edgekeep'))).toEqual([])
      expect(status).toBe(0)
    },
  )
})
