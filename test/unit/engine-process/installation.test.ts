import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { findInstallation } from '../../../src/engine-process/installation.ts'
import { isSameMajorAndNotOlder, nodePackage, nodeProgram } from '../../../bin/pinned-node.mjs'
import { environmentForChildren } from '../../../bin/private-process.mjs'
import { pinnedNode } from '../../../src/engine-process/pinned-node.ts'
import { manifestWith } from '../../support/desktop/fake-checkout.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** Folder with our package.json and the named files. */
function folderWith(root: string, ...more: string[]): string {
  mkdirSync(root, { recursive: true })
  writeFileSync(join(root, 'package.json'), '{"name":"edgekeep"}')
  for (const path of more) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), '')
  }
  return root
}

test('finds the parts of a checkout from any file of it, past packages inside it', () => {
  const root = folderWith(temporaryFolder(), 'src/main.ts')
  const inside = join(root, 'out', 'node', 'chunks')
  mkdirSync(inside, { recursive: true })
  writeFileSync(join(root, 'out', 'package.json'), '{"name":"other"}')
  expect(findInstallation(inside)).toEqual({
    kind: 'checkout',
    root,
    nodeRoot: root,
    engineEntry: join(root, 'out', 'node', 'engine.js'),
    inspectOnlyEntry: join(root, 'out', 'node', 'inspect-only.js'),
    rendererFolder: join(root, 'out', 'renderer'),
  })
})

test('knows the npm package, and finds the Node that npm put beside it', () => {
  const modules = join(temporaryFolder(), 'node_modules')
  const root = folderWith(join(modules, 'edgekeep'), 'out/node/cli.js')
  expect(findInstallation(join(root, 'out', 'node'))).toMatchObject({ kind: 'npm', root, nodeRoot: root })
  const node = join(modules, nodeProgram)
  mkdirSync(dirname(node), { recursive: true })
  writeFileSync(node, '')
  expect(pinnedNode(root)).toBe(node)
})

test('knows the two sides of an installed desktop app: what Electron loads, and what the pinned Node runs', () => {
  const resources = temporaryFolder()
  const archive = folderWith(join(resources, 'app.asar'))
  const engine = folderWith(join(resources, 'engine'))
  const engineEntry = join(engine, 'out', 'node', 'engine.js')
  expect(findInstallation(archive)).toMatchObject({
    kind: 'desktop',
    nodeRoot: engine,
    engineEntry,
    rendererFolder: join(archive, 'out', 'renderer'),
  })
  expect(findInstallation(engine)).toMatchObject({
    kind: 'desktop',
    nodeRoot: engine,
    engineEntry,
    rendererFolder: join(engine, 'out', 'renderer'),
  })
})

test('says that the installation is incomplete where it finds none, or no Node in it', () => {
  const folder = temporaryFolder()
  expect(() => findInstallation(folder)).toThrow(expect.objectContaining({ code: 'install.incomplete' }))
  writeFileSync(join(folder, 'package.json'), manifestWith({ [nodePackage]: process.versions.node }))
  expect(() => pinnedNode(folder)).toThrow(
    'A part of Edgekeep is missing: the Node runtime that comes with it.',
  )
})

test('runs on the Node that is there where npm has none for this system, if it is of the same major version and not older', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'package.json'), manifestWith({ 'node-of-another': process.versions.node }))
  expect(pinnedNode(folder)).toBe(process.execPath)
  expect(isSameMajorAndNotOlder('24.21.0', '24.21.0')).toBe(true)
  expect(isSameMajorAndNotOlder('24.22.0', '24.21.3')).toBe(true)
  expect(isSameMajorAndNotOlder('24.20.9', '24.21.0')).toBe(false)
  expect(isSameMajorAndNotOlder('26.0.0', '24.21.0')).toBe(false)
})

test('finds the Node that runs this test, which is the pinned one', () => {
  expect(pinnedNode(findInstallation().nodeRoot)).toBe(
    join(findInstallation().root, 'node_modules', nodeProgram),
  )
})

test('hands children no option that would open a debugger on them', () => {
  const kept = { PATH: '/bin', NODE_EXTRA_CA_CERTS: '/a.pem' }
  const environment = {
    ...kept,
    NODE_OPTIONS: '--inspect',
    node_options: '--inspect',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_V8_COVERAGE: '/tmp',
    ELECTRON_RUN_AS_NODE: '1',
  }
  expect(environmentForChildren(environment)).toEqual(kept)
  expect(environment.NODE_OPTIONS).toBe('--inspect')
})
