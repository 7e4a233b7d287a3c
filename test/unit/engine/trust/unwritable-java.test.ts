import { spawnSync } from 'node:child_process'
import {
  chownSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unless } from '../../../support/needs.ts'

/* The certificates of a JDK that a person cannot write to, with its own keytool. */

const java = spawnSync('which', ['java'], { encoding: 'utf8' }).stdout.trim()
const missing =
  process.getuid?.() !== 0 || process.platform !== 'linux'
    ? 'only root of a Linux can make files so and become somebody else'
    : java === ''
      ? 'java is not installed here'
      : undefined

const nobody = 65_534
let home: string
let security: string
/** A JDK below `folder`, which everybody may look into. */
function jdkBelow(folder: string): void {
  home = mkdtempSync(join(folder, '.edgekeep-jdk-'))
  chmodSync(home, 0o755)
  security = join(home, 'lib/security')
  const real = join(realpathSync(java), '../..')
  mkdirSync(security, { recursive: true })
  symlinkSync(join(real, 'bin'), join(home, 'bin'))
  copyFileSync(realpathSync(join(real, 'lib/security/cacerts')), join(security, 'cacerts'))
}

beforeEach(() => {
  if (!missing) jdkBelow(homedir())
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** Runs an install in a process of its own, as another user or with other mounts. */
function installed(words: string[]): { obstacle: string | null; outcome: string; sentence: string } {
  const source = join(import.meta.dirname, '../../../../src/engine')
  const program = `const [{ javaStore }, { changeParts, installIn }, { createRoot }] = await Promise.all(
  ['trust/stores/java.ts', 'trust/stores/change-store.ts', '../pki/issue/authority-certificates.ts'].map((each) => import(${JSON.stringify(source)} + '/' + each)))
const { certificatePem: pem } = await createRoot({ at: new Date(), host: 'here', generation: 1, suffixes: ['test'] })
const current = { pem, fingerprint: 'a'.repeat(64), title: 'Edgekeep' }
const jdk = ${JSON.stringify({ home, keytool: join(home, 'bin/keytool'), cacerts: join(security, 'cacerts') })}
const store = javaStore({ folder: '/nowhere' }, jdk)
const { outcome, sentence } = await installIn(store, changeParts('/nowhere', { current, retired: [], ours: [current] }, () => new Date()))
console.log(JSON.stringify({ obstacle: (await store.obstacle())?.sentence ?? null, outcome, sentence }))`
  const [first, ...rest] = [...words, process.execPath, '--input-type=module', '-e', program]
  const ran = spawnSync(first, rest, { encoding: 'utf8', cwd: '/' })
  if (ran.status !== 0) throw new Error(ran.stderr)
  return JSON.parse(ran.stdout) as ReturnType<typeof installed>
}

function bytes(): Buffer {
  expect(readdirSync(security)).toEqual(['cacerts'])
  return readFileSync(join(security, 'cacerts'))
}

describe('the certificates of a JDK', unless(missing), () => {
  test('stay as they are, with a sentence, if their permissions forbid writing', () => {
    rmSync(home, { recursive: true })
    jdkBelow(tmpdir())
    const before = bytes()
    for (const path of [home, join(home, 'lib'), security, join(security, 'cacerts')])
      chownSync(path, nobody, nobody)
    chmodSync(join(security, 'cacerts'), 0o444)
    const told = installed(['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'])
    expect(told).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining('permissions do not allow'),
    })
    expect(told.obstacle).toContain('permissions do not allow')
    expect(bytes()).toEqual(before)
  })

  test('stay as they are, with a sentence, on a read-only disk', () => {
    const before = bytes()
    const told = installed([
      'unshare',
      '-m',
      'sh',
      '-c',
      `mount --bind -o ro ${security} ${security} && exec "$@"`,
      'sh',
    ])
    expect(told).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining('disk that is read-only'),
    })
    expect(bytes()).toEqual(before)
  })

  test('stay as they are, with a sentence, if they are immutable', ({ skip }) => {
    const before = bytes()
    const path = join(security, 'cacerts')
    if (spawnSync('chattr', ['+i', path]).status !== 0) skip('chattr +i does not work here.')
    try {
      expect(installed([])).toMatchObject({
        outcome: 'failed',
        sentence: expect.stringContaining('immutable'),
      })
      expect(bytes()).toEqual(before)
    } finally {
      spawnSync('chattr', ['-i', path])
    }
  })
})
