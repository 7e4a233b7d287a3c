import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { pageCommandSchema } from '../../../src/contract/engine/desktop.ts'
import { findInstallation } from '../../../src/engine-process/installation.ts'

type Listener = (event: { ports: unknown[] }, message?: unknown) => void

/** Runs the built preload as a sandboxed one is run: with `require` of Electron alone, and no Node. */
function runPreload() {
  const exposed: Record<string, Record<string, unknown>> = {}
  const sent: unknown[][] = []
  const posted: unknown[][] = []
  const listeners = new Map<string, Listener>()
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: Record<string, unknown>) => (exposed[name] = api),
    },
    ipcRenderer: {
      send: (...message: unknown[]) => sent.push(message),
      on: (channel: string, listener: Listener) => listeners.set(channel, listener),
    },
  }
  const require = (name: string) => {
    if (name !== 'electron') throw new Error(`a sandboxed preload has no ${name}`)
    return electron
  }
  const window = { postMessage: (...message: unknown[]) => posted.push(message) }
  const source = readFileSync(join(findInstallation().root, 'out', 'preload', 'index.cjs'), 'utf8')
  runInNewContext(source, { require, window, File, exports: {}, module: { exports: {} } })
  return { exposed, sent, posted, listeners }
}

test('gives the page calls that ask by a word of their own, and passes nothing of the page on but a progress', () => {
  const { exposed, sent } = runPreload()
  expect(Object.keys(exposed)).toEqual(['edgekeepDesktop'])
  const { showProgress, ...asking } = exposed['edgekeepDesktop'] as Record<
    string,
    (...words: unknown[]) => void
  >
  for (const call of Object.values(asking)) call('other-channel', { evil: true })
  expect(sent).toEqual([
    ['edgekeep:request-port'],
    ['edgekeep:request-files'],
    ...pageCommandSchema.options.map((word) => ['edgekeep:command', word]),
  ])
  sent.length = 0
  for (const progress of [0.5, null, 'unknown', { evil: true }]) showProgress!(progress)
  expect(sent.map(([, value]) => value)).toEqual([0.5, null, 'unknown', 'unknown'])
})

test('hands the port to its own page and origin alone, and listens to nothing else', () => {
  const { listeners, posted } = runPreload()
  expect([...listeners.keys()]).toEqual([
    'edgekeep:port',
    'edgekeep:go',
    'edgekeep:menu',
    'edgekeep:saved',
    'edgekeep:updates',
    'edgekeep:files-waiting',
    'edgekeep:files',
  ])
  const port = { a: 'port' }
  listeners.get('edgekeep:port')!({ ports: [port] })
  expect(posted).toEqual([['edgekeep:port', '/', [port]]])
})

test('hands opened files to its own page and origin alone, as handles like those of a drop', async () => {
  const { listeners, posted } = runPreload()
  const bytes = new TextEncoder().encode('a certificate')
  listeners.get('edgekeep:files-waiting')!({ ports: [] })
  listeners.get('edgekeep:files')!(
    { ports: [] },
    { files: [{ name: 'shop.pem', lastModified: 7, bytes }], refused: ['why not'] },
  )
  expect(posted[0]).toEqual(['edgekeep:files-waiting', '/'])
  const [message, origin] = posted[1] as [{ edgekeepFiles: File[]; refused: string[] }, string]
  expect(origin).toBe('/')
  expect(message.refused).toEqual(['why not'])
  const [file] = message.edgekeepFiles
  expect(file).toBeInstanceOf(File)
  expect(file).toMatchObject({ name: 'shop.pem', lastModified: 7, size: bytes.length })
  expect(await file!.text()).toBe('a certificate')
})
