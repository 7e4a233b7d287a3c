import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TrustOutcome } from '../../../src/contract/trust/trust.ts'
import {
  openTestEngine,
  originAt,
  temporaryFolder,
  testEdge,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'
import { unless } from '../../support/needs.ts'
import { startSquatter, noStranger } from '../../support/processes/squatter.ts'

const programs = ['/usr/bin/systemd-socket-activate', '/usr/lib/systemd/systemd-socket-proxyd']
const missing = programs.every((path) => existsSync(path))
  ? undefined
  : 'systemd-socket-activate and systemd-socket-proxyd are not installed'

/*
 * systemd itself does not run in a container. In its place a systemctl that starts what the unit names with
 * systemd-socket-activate: that listens, and hands the socket over by LISTEN_FDS as systemd does.
 */
const systemctl = `#!/bin/sh
units="$XDG_CONFIG_HOME/systemd/user"
echo "$*" >> "$units/calls"
case "$*" in
"--user enable --now edgekeep-proxy.socket")
  listen=$(sed -n 's/^ListenStream=//p' "$units/edgekeep-proxy.socket")
  command=$(sed -n 's/^ExecStart=//p' "$units/edgekeep-proxy.service")
  port=$(printf ':%04X 00000000:0000 0A' "\${listen##*:}")
  if grep -q "$port" /proc/net/tcp; then echo "Failed to listen" >&2; exit 1; fi
  eval "exec setsid systemd-socket-activate --listen=$listen $command" </dev/null >/dev/null 2>&1 &
  echo $! > "$units/pid"
  until grep -q "$port" /proc/net/tcp; do
    kill -0 "$(cat "$units/pid")" || exit 1
    sleep 0.05
  done ;;
"--user disable --now edgekeep-proxy.socket")
  kill "$(cat "$units/pid")" ;;
esac
exit 0
`

let opened: TestEngine
let port: number
/** Configuration, runtime files and systemctl of this person. */
let folder: string
const before = { ...process.env }

beforeAll(async () => {
  folder = temporaryFolder()
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin', 'systemctl'), systemctl, { mode: 0o755 })
  mkdirSync(join(folder, 'runtime', 'systemd'), { recursive: true })
  writeFileSync(join(folder, 'runtime', 'systemd', 'private'), '')
  process.env['XDG_CONFIG_HOME'] = join(folder, 'config')
  process.env['XDG_RUNTIME_DIR'] = join(folder, 'runtime')
  process.env['PATH'] = `${join(folder, 'bin')}:${before['PATH']}`
  opened = await openTestEngine(undefined, undefined, testEdge)
  port = await freePort()
})
afterAll(async () => {
  await change('undo')
  await opened.close()
  for (const name of ['XDG_CONFIG_HOME', 'XDG_RUNTIME_DIR', 'PATH']) {
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
  }
  rmSync(folder, { recursive: true, force: true })
})

const selection = { parts: ['names' as const], proxyPort: true as const }

async function change(action: 'install' | 'undo'): Promise<TrustOutcome[]> {
  const outcomes: TrustOutcome[] = []
  const { id } = await opened.client.setup.plan({ ...selection, action })
  for await (const event of await opened.client.setup.apply({
    ...selection,
    action,
    plan: id,
    elevation: 'leave',
  }))
    if (event.type === 'outcome') outcomes.push(event.outcome)
  return outcomes
}

const readPac = async () => (await fetch(`http://127.0.0.1:${port}/proxy.pac`)).text()

describe('The port of the PAC file, kept by systemd', unless(missing ?? noStranger), () => {
  test('needs a port first', async () => {
    const { steps } = await opened.client.setup.plan({ ...selection, action: 'install', dryRun: true })
    expect(steps[0]?.obstacle?.sentence).toContain('The proxy has no port yet')
  })

  test('is shown with its files and commands before it is installed', async () => {
    await opened.client.domains.add({ name: 'shop.test', origin: originAt(9) })
    await opened.client.names.setProxy({ port })
    const { steps, elevatedScript } = await opened.client.setup.plan({ ...selection, action: 'install' })
    expect(elevatedScript).toBeNull()
    expect(steps).toMatchObject([{ store: 'proxy-port', elevated: false, obstacle: null }])
    expect(steps[0]!.commands).toContain(`ListenStream=127.0.0.1:${port}`)
    expect(steps[0]!.commands).toContain('systemctl --user enable --now edgekeep-proxy.socket')
    expect(existsSync(join(process.env['XDG_CONFIG_HOME']!, 'systemd'))).toBe(false)
  })

  test('leads to the engine while it runs, and to nobody else while it does not', async () => {
    expect(await change('install')).toMatchObject([{ outcome: 'done' }])
    expect(await readPac()).toContain('"shop.test":1')
    expect((await opened.client.engine.status()).portConflicts).toEqual([])
    const home = opened.folder
    await opened.engine.close()
    await expect(readPac()).rejects.toThrow('fetch failed')
    await expect(startSquatter(port)).rejects.toThrow('EADDRINUSE')
    // An engine that was killed leaves its socket behind.
    writeFileSync(join(home, 'proxy.sock'), '')
    opened = await openTestEngine(home, undefined, testEdge)
    expect(await readPac()).toContain('"shop.test":1')
    expect((await opened.client.engine.status()).portConflicts).toEqual([])
  })

  test('is the engine’s own again after the undo, and no file of it stays', async () => {
    expect(await change('undo')).toMatchObject([{ outcome: 'exact' }])
    const units = join(process.env['XDG_CONFIG_HOME']!, 'systemd', 'user')
    expect(existsSync(join(units, 'edgekeep-proxy.socket'))).toBe(false)
    expect(existsSync(join(units, 'edgekeep-proxy.service'))).toBe(false)
    expect(await readPac()).toContain('"shop.test":1')
    expect(await change('undo')).toEqual([])
  })

  test('is not installed where another user has the port, and that is reported', async () => {
    const home = opened.folder
    await opened.engine.close()
    const squatter = await startSquatter(port)
    try {
      opened = await openTestEngine(home, undefined, testEdge)
      expect(await change('install')).toMatchObject([
        { outcome: 'failed', sentence: expect.stringContaining('systemctl --user enable') },
      ])
      expect(await change('undo')).toEqual([])
      expect((await opened.client.engine.status()).portConflicts).toMatchObject([
        { use: 'proxy', port, holder: { pid: squatter.pid } },
      ])
    } finally {
      await squatter.end()
    }
  })
})
