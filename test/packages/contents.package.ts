import { execFileSync } from 'node:child_process'
import { existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodePackage } from '../../bin/pinned-node.mjs'
import { product } from '../../packaging/product.ts'
import { linuxOnly } from '../support/needs.ts'

/* Output of `npm run package` for this system, unpacked in dist/. */

const folder = unpackedFolder()
const isMac = process.platform === 'darwin'
const contents = isMac ? path.join(folder, `${product.name}.app`, 'Contents') : folder
const resources = path.join(contents, isMac ? 'Resources' : 'resources')
const mb = 1_000_000

function unpackedFolder(): string {
  const name = existsSync('dist')
    ? readdirSync('dist').find((entry) => /unpacked$|^mac/.test(entry))
    : undefined
  if (!name) throw new Error('There is nothing in dist: run "npm run package -- dir" first.')
  return path.join('dist', name)
}

/** Path of the binary with Electron's fuses: on macOS the framework. */
function electronBinary(): string {
  const framework = ['Frameworks', 'Electron Framework.framework', 'Electron Framework']
  if (isMac) return path.join(contents, ...framework)
  return path.join(contents, process.platform === 'win32' ? `${product.name}.exe` : product.linuxProgram)
}

/** Electron's docs, "Fuses": after the sentinel the version of the wire, its length, and a character a fuse. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const fuses = {
  runAsNode: '0',
  cookieEncryption: '1',
  nodeOptions: '0',
  nodeCliInspect: '0',
  embeddedAsarIntegrityValidation: '1',
  onlyLoadAppFromAsar: '1',
  // Snapshot of the browser process alone: not used.
  loadBrowserProcessSpecificV8Snapshot: '0',
  grantFileProtocolExtraPrivileges: '0',
}

function readFuses(): string {
  const bytes = readFileSync(electronBinary())
  const at = bytes.indexOf(sentinel)
  expect(at).toBeGreaterThan(0)
  const [version, length] = bytes.subarray(at + sentinel.length)
  expect(version).toBe(1)
  const start = at + sentinel.length + 2
  return bytes.toString('latin1', start, start + length!)
}

/** The files of an asar archive: a pickle of four numbers, then JSON. */
function filesOfAsar(file: string): string[] {
  const head = Buffer.alloc(16)
  const handle = openSync(file, 'r')
  readSync(handle, head, 0, 16, 0)
  const json = Buffer.alloc(head.readUInt32LE(12))
  readSync(handle, json, 0, json.length, 16)
  interface Entry {
    files?: Record<string, Entry>
  }
  const list = (entry: Entry, prefix: string): string[] =>
    Object.entries(entry.files ?? {}).flatMap(([name, inner]) =>
      inner.files ? list(inner, `${prefix}${name}/`) : [`${prefix}${name}`],
    )
  return list(JSON.parse(json.toString('utf8')) as Entry, '')
}

function sizeOf(file: string): number {
  const facts = statSync(file)
  if (!facts.isDirectory()) return facts.size
  return readdirSync(file).reduce((total, name) => total + sizeOf(path.join(file, name)), 0)
}

function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
}

describe('the fuses of the packaged program', () => {
  test('are as decided, as far as this Electron has them', () => {
    const wire = readFuses()
    const wanted = Object.entries(fuses).slice(0, wire.length)
    if (wire.length < Object.keys(fuses).length)
      console.log(`This Electron has ${wire.length} of ${Object.keys(fuses).length} fuses.`)
    expect(Object.fromEntries(wanted.map(([name], at) => [name, wire[at]]))).toEqual(
      Object.fromEntries(wanted),
    )
  })

  test('keep it from running as Node', linuxOnly, () => {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', DISPLAY: '' }
    const run = () =>
      execFileSync(electronBinary(), ['-e', 'console.log("ran")'], { env, stdio: 'pipe', timeout: 20_000 })
    expect(run).toThrow('Command failed')
  })
})

describe('the packaged app', () => {
  test('is loaded from one archive, with nothing of node_modules', () => {
    const files = filesOfAsar(path.join(resources, 'app.asar'))
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'out/main/index.cjs',
        'out/preload/index.cjs',
        'out/renderer/index.html',
      ]),
    )
    expect(files.filter((file) => /node_modules|^out\/node|\.map$|^(src|test|scripts)\//.test(file))).toEqual(
      [],
    )
    expect(existsSync(path.join(resources, 'app'))).toBe(false)
  })

  test('has beside it what the pinned Node runs, with the native modules of this system alone', () => {
    const engine = path.join(resources, 'engine')
    const files = filesIn(path.join(engine, 'node_modules')).map((file) => file.split(path.sep).join('/'))
    const native = files.filter((file) => file.endsWith('.node'))
    expect(native).toEqual(
      expect.arrayContaining([`better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`]),
    )
    expect(native).toHaveLength(2)
    const packages = new Set(files.map((file) => /^(@[^/]+\/)?[^/]+/.exec(file)![0]))
    expect([...packages].filter((name) => !name.startsWith('@napi-rs/keyring')).sort()).toEqual([
      'better-sqlite3',
      nodePackage,
    ])
  })

  test('is of the size that its parts are known to be', () => {
    const engine = path.join(resources, 'engine')
    const sizes = {
      node: sizeOf(path.join(engine, 'node_modules', nodePackage)),
      nativeModules:
        sizeOf(path.join(engine, 'node_modules')) - sizeOf(path.join(engine, 'node_modules', nodePackage)),
      engineAndCommandLine: sizeOf(path.join(engine, 'out', 'node')),
      windowForBrowsers: sizeOf(path.join(engine, 'out', 'renderer')),
      archive: sizeOf(path.join(resources, 'app.asar')),
    }
    const all = sizeOf(folder)
    const electron = all - sizeOf(engine) - sizes.archive
    console.log(
      Object.entries({ all, electron, ...sizes })
        .map(([name, size]) => `${name} ${(size / mb).toFixed(1)} MB`)
        .join(', '),
    )
    expect(sizes.nativeModules).toBeLessThan(10 * mb)
    expect(sizes.engineAndCommandLine).toBeLessThan(8 * mb)
    expect(sizes.windowForBrowsers).toBeLessThan(6 * mb)
    expect(sizes.archive).toBeLessThan(8 * mb)
  })
})
