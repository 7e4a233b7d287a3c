import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { findInstallation } from '../../src/launch/installation.ts'

/** Runs the built preload as a sandboxed one is run: with `require` of Electron alone, and no Node. */
function runPreload() {
  const exposed: Record<string, Record<string, unknown>> = {}
  const sent: unknown[][] = []
  const posted: unknown[][] = []
  const listeners = new Map<string, (event: { ports: unknown[] }) => void>()
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: Record<string, unknown>) => (exposed[name] = api),
    },
    ipcRenderer: {
      send: (...message: unknown[]) => sent.push(message),
      on: (channel: string, listener: (event: { ports: unknown[] }) => void) =>
        listeners.set(channel, listener),
    },
  }
  const require = (name: string) => {
    if (name !== 'electron') throw new Error(`a sandboxed preload has no ${name}`)
    return electron
  }
  const window = { postMessage: (...message: unknown[]) => posted.push(message) }
  const source = readFileSync(join(findInstallation().root, 'out', 'preload', 'index.cjs'), 'utf8')
  runInNewContext(source, { require, window, exports: {}, module: { exports: {} } })
  return { exposed, sent, posted, listeners }
}

test('gives the page one call, that asks for a port and passes nothing of the page on', () => {
  const { exposed, sent } = runPreload()
  expect(Object.keys(exposed)).toEqual(['edgekeepDesktop'])
  expect(Object.keys(exposed['edgekeepDesktop']!)).toEqual(['requestPort'])
  const requestPort = exposed['edgekeepDesktop']!['requestPort'] as (...args: unknown[]) => unknown
  requestPort('other-channel', { evil: true })
  expect(sent).toEqual([['edgekeep:request-port']])
})

test('hands the port to its own page and origin alone, and listens to nothing else', () => {
  const { listeners, posted } = runPreload()
  expect([...listeners.keys()]).toEqual(['edgekeep:port'])
  const port = { a: 'port' }
  listeners.get('edgekeep:port')!({ ports: [port] })
  expect(posted).toEqual([['edgekeep:port', '/', [port]]])
})
