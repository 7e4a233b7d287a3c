import { spawnSync } from 'node:child_process'
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { firefoxPolicyStore } from '../../../../src/engine/trust/stores/firefox-policy.ts'
import { madeRoots, recordedSystem, type RecordedSystem } from '../../../support/engine/recorded-system.ts'

/* The scripts run for real, in a folder of their own; the real Firefox reads what they write in test/trust. */

const place = 'etc/firefox/policies/policies.json'
const theirs =
  '\uFEFF{\n\t"policies": {"DisableTelemetry": true, "Certificates": {"ImportEnterpriseRoots":true, "Install": ["/theirs.pem"]}}, "own": 1 }'

const { current, earlier, wanted } = await madeRoots()
let system: RecordedSystem
beforeEach(() => {
  system = recordedSystem('linux')
})
afterEach(() => system.close())

const store = (changeable: (path: string) => string | null = () => null) =>
  firefoxPolicyStore(system.hostEnvironment, { program: undefined, changeable })

function carryOut(script: string) {
  return spawnSync('/bin/sh', ['-c', `umask 022\n(set -e\n${script}\n)`], { encoding: 'utf8' })
}
const policies = (): unknown => JSON.parse(readFileSync(join(system.root, place), 'utf8'))
const everything = () => readdirSync(system.root, { recursive: true, encoding: 'utf8' }).toSorted()

describe('Firefox’s policies', () => {
  test('are made where there were none, and nothing is left of them', async () => {
    const before = everything()
    expect(carryOut(store().commands('install', wanted))).toMatchObject({ status: 0, stderr: '' })
    expect(await store().read(wanted)).toMatchObject({ state: 'trusted' })
    const file = join(system.root, `etc/firefox/policies/edgekeep-${current.fingerprint.slice(0, 16)}.pem`)
    expect(policies()).toEqual({ policies: { Certificates: { Install: [file] } } })
    expect(statSync(file).mode & 0o777).toBe(0o644)
    expect(carryOut(store().commands('undo', wanted))).toMatchObject({ status: 0, stderr: '' })
    expect(everything()).toEqual(before)
  })

  test('keep those of others, and restore them byte for byte, with their permissions', async () => {
    system.write(place, theirs, 0o640)
    const before = everything()
    expect(carryOut(store().commands('install', wanted)).status).toBe(0)
    expect(policies()).toMatchObject({
      policies: {
        DisableTelemetry: true,
        Certificates: {
          ImportEnterpriseRoots: true,
          Install: ['/theirs.pem', expect.stringContaining('edgekeep-')],
        },
      },
      own: 1,
    })
    expect(statSync(join(system.root, place)).mode & 0o777).toBe(0o640)
    expect(carryOut(store().commands('undo', wanted)).status).toBe(0)
    expect(readFileSync(join(system.root, place), 'utf8')).toBe(theirs)
    expect(statSync(join(system.root, place)).mode & 0o777).toBe(0o640)
    expect(everything()).toEqual(before)
  })

  test.each([false, true])(
    'lose our entries and keep those that others changed since (installed again between: %s)',
    async (isAgain) => {
      system.write(place, theirs)
      carryOut(store().commands('install', wanted))
      const now = readFileSync(join(system.root, place), 'utf8').replace('"own": 1', '"own": 2')
      system.write(place, now)
      if (isAgain) carryOut(store().commands('install', { ...wanted, retired: [earlier] }))
      expect(carryOut(store().commands('undo', wanted)).status).toBe(0)
      expect(policies()).toEqual({ ...(JSON.parse(theirs.slice(1)) as object), own: 2 })
    },
  )

  test('behind a link are changed where they are, and the link stays', () => {
    system.write('srv/policies.json', theirs)
    mkdirSync(join(system.root, 'etc/firefox/policies'), { recursive: true })
    symlinkSync(join(system.root, 'srv/policies.json'), join(system.root, place))
    expect(carryOut(store().commands('install', wanted)).status).toBe(0)
    expect(lstatSync(join(system.root, place)).isSymbolicLink()).toBe(true)
    expect(carryOut(store().commands('undo', wanted)).status).toBe(0)
    expect(readFileSync(join(system.root, 'srv/policies.json'), 'utf8')).toBe(theirs)
    expect(readdirSync(join(system.root, 'srv'))).toEqual(['policies.json'])
  })

  test('stay as they are if they have changed since the plan', () => {
    system.write(place, theirs)
    const script = store().commands('install', wanted)
    system.write(place, '{}')
    expect(carryOut(script)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('have changed since'),
    })
    expect(readFileSync(join(system.root, place), 'utf8')).toBe('{}')
  })

  test('are changed in the distribution’s file if the system has none, since Firefox reads one file alone', () => {
    system.write('usr/lib/firefox-esr/distribution/policies.json', '{"policies":{"DisablePocket":true}}')
    expect(store().location).toBe(join(system.root, 'usr/lib/firefox-esr/distribution/policies.json'))
    system.write(place, '{}')
    expect(store().location).toBe(join(system.root, place))
  })

  test.each([
    ['no JSON', '{ policies'],
    ['a list', '[]'],
    ['certificates that are none', '{"policies":{"Certificates":{"Install":"/a.pem"}}}'],
    ['policies that are a text', '{"policies":"x"}'],
    ['more than it should be', `{"a":"${'x'.repeat(70_000)}"}`],
  ])('with %s are left alone, with a sentence', async (_, text) => {
    system.write(place, text)
    expect(await store().obstacle()).toMatchObject({ sentence: expect.stringContaining(place) })
  })

  test('stay as they are if others than the administrator can change them', async () => {
    expect(await store((path) => path).obstacle()).toMatchObject({
      sentence: expect.stringContaining('somebody besides the administrator'),
    })
  })

  test('survive with a quote, a line end or a command in them', () => {
    const hostile = JSON.stringify({
      policies: { Homepage: `'; touch ${system.root}/hit; '$(touch ${system.root}/hit)\n%s` },
    })
    system.write(place, hostile)
    expect(carryOut(store().commands('install', wanted))).toMatchObject({ status: 0, stderr: '' })
    expect(policies()).toMatchObject(JSON.parse(hostile) as object)
    carryOut(store().commands('undo', wanted))
    expect(readFileSync(join(system.root, place), 'utf8')).toBe(hostile)
    expect(everything()).not.toContain('hit')
  })

  test('are read as missing where the file of the root is gone', async () => {
    carryOut(store().commands('install', wanted))
    const folder = join(system.root, 'etc/firefox/policies')
    carryOut(`rm -f '${folder}'/*.pem`)
    chmodSync(folder, 0o755)
    expect(await store().read(wanted)).toMatchObject({ state: 'missing' })
  })
})
