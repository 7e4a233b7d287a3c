import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { changeableByOthers } from '../../../../../src/engine/trust/stores/only-administrators.ts'
import { javaStore } from '../../../../../src/engine/trust/stores/java.ts'
import { posixOnly, unless } from '../../../../support/needs.ts'

const isRoot = process.getuid?.() === 0
/** The user's own, and of an ordinary user where root runs the tests. */
let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'edgekeep-others-')))
  if (isRoot) chownSync(folder, 65534, 65534)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function program(path: string): string {
  writeFileSync(path, '#!/bin/sh\n')
  chmodSync(path, 0o755)
  if (isRoot) chownSync(path, 65534, 65534)
  return path
}

test('a program of the system can be changed by its administrator alone', posixOnly, () => {
  expect(changeableByOthers(realpathSync('/bin/sh'))).toBeNull()
  expect(changeableByOthers('/etc/hostname')).toBeNull()
})

test(
  'a file in another user’s folder, or reached through their link, counts as changeable',
  posixOnly,
  () => {
    const own = program(join(folder, 'keytool'))
    expect(changeableByOthers(own)).not.toBeNull()
    const link = join(folder, 'link')
    symlinkSync('/bin/sh', link)
    expect(changeableByOthers(link)).not.toBeNull()
  },
)

/** JDK of a user that shares the system's certificates. */
function plantedJdk() {
  const cacerts = '/etc/ssl/certs/ca-certificates.crt'
  mkdirSync(join(folder, 'bin'))
  mkdirSync(join(folder, 'lib'))
  return { home: folder, keytool: program(join(folder, 'bin', 'keytool')), cacerts }
}

const noSystemFile = existsSync('/etc/ssl/certs/ca-certificates.crt')
  ? null
  : 'this system has no certificates where a JDK could have a link to them'
test(
  'the keytool of a JDK that somebody else can change is not run by an administrator',
  unless(noSystemFile),
  async () => {
    const hostEnvironment = { platform: 'linux', home: folder, env: {}, folder } as const
    const jdk = plantedJdk()
    const store = javaStore(hostEnvironment, jdk)
    expect(store.elevated).toBe(true)
    expect(await store.obstacle()).toMatchObject({
      sentence: expect.stringContaining('others than the administrator'),
    })
  },
)
