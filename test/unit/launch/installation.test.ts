import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findInstallation } from '../../../src/launch/installation.ts'
import { environmentForChildren } from '../../../bin/private-process.mjs'
import { pinnedNode } from '../../../src/launch/pinned-node.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('finds the parts from any file of the installation, past packages inside it', () => {
  const root = temporaryFolder()
  const inside = join(root, 'out', 'node', 'chunks')
  mkdirSync(inside, { recursive: true })
  writeFileSync(join(root, 'package.json'), '{"name":"edgekeep"}')
  writeFileSync(join(root, 'out', 'package.json'), '{"name":"other"}')
  expect(findInstallation(inside)).toEqual({
    root,
    engineEntry: join(root, 'out', 'node', 'engine.js'),
    rendererFolder: join(root, 'out', 'renderer'),
  })
})

test('says that the installation is incomplete where it finds none, or no Node in it', () => {
  const folder = temporaryFolder()
  expect(() => findInstallation(folder)).toThrow(expect.objectContaining({ code: 'install.incomplete' }))
  expect(() => pinnedNode(folder)).toThrow(
    'A part of Edgekeep is missing: the Node runtime that comes with it.',
  )
})

test('finds the Node that runs this test, which is the pinned one', () => {
  expect(pinnedNode(findInstallation().root)).toContain(join('node_modules', 'node', 'bin'))
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
