import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findClients } from '../../../../src/engine/trust/clients/find-clients.ts'
import { findStores } from '../../../../src/engine/trust/stores/find-stores.ts'
import { recordedSystem, type RecordedSystem } from '../../../support/engine/recorded-system.ts'

/* Files of a Linux system, by where snap, flatpak, nvm and those who package JDKs put it. */

let linux: RecordedSystem
beforeEach(() => {
  linux = recordedSystem('linux')
})
afterEach(() => linux.close())

const program = (path: string) => linux.write(path, '#!/bin/sh\n', 0o755)
const clients = () => {
  const found = findStores(linux.hostEnvironment)
  return findClients(linux.hostEnvironment, found)
    .filter(({ path, optional }) => path !== process.execPath && !optional)
    .map(({ name, stores, run }) => {
      const places = found.stores.filter(({ id }) => stores.includes(id)).map(({ location }) => location)
      return { name, places: places.map((each) => each.replace(`${linux.root}/`, '')), run }
    })
}

test('Chromium-based browsers as packages, snaps and flatpaks have a row each, with the database that each reads', () => {
  for (const name of ['chromium', 'google-chrome', 'microsoft-edge', 'brave-browser']) program(`bin/${name}`)
  for (const folder of ['snap/chromium/current', '.var/app/com.brave.Browser'])
    mkdirSync(join(linux.hostEnvironment.home, folder), { recursive: true })
  const shared = ['home/.pki/nssdb']
  expect(clients()).toEqual([
    { name: 'Chromium', places: shared, run: 'chromium' },
    { name: 'Google Chrome', places: shared, run: 'chromium' },
    { name: 'Microsoft Edge', places: shared, run: 'chromium' },
    { name: 'Brave', places: shared, run: 'chromium' },
    { name: 'Chromium (snap)', places: ['home/snap/chromium/current/.pki/nssdb'], run: 'none' },
    { name: 'Brave (flatpak)', places: ['home/.var/app/com.brave.Browser/.pki/nssdb'], run: 'none' },
  ])
  mkdirSync(join(linux.hostEnvironment.home, '.local/share/pki/nssdb'), { recursive: true })
  expect(clients()[0]?.places).toEqual(['home/.local/share/pki/nssdb'])
  mkdirSync(join(linux.hostEnvironment.home, '.pki/nssdb'), { recursive: true })
  expect(clients()[0]?.places).toEqual(shared)
})

test('every profile of Firefox has a row, wherever a package, a snap or a flatpak keeps it', () => {
  program('bin/firefox')
  const roots = [
    '.mozilla/firefox',
    '.config/mozilla/firefox',
    'snap/firefox/common/.mozilla/firefox',
    '.var/app/org.mozilla.firefox/.mozilla/firefox',
  ]
  for (const [index, root] of roots.entries()) {
    linux.write(`home/${root}/profiles.ini`, `[Profile0]\nName=p${index}\nIsRelative=1\nPath=own\n`)
    mkdirSync(join(linux.hostEnvironment.home, root, 'own'))
  }
  expect(clients().map(({ name, places, run }) => [name, places, run])).toEqual([
    ['Firefox, profile p0', [`home/${roots[0]}/own`], 'firefox'],
    ['Firefox, profile p1', [`home/${roots[1]}/own`], 'firefox'],
    ['Firefox (snap), profile p2', [`home/${roots[2]}/own`], 'none'],
    ['Firefox (flatpak), profile p3', [`home/${roots[3]}/own`], 'none'],
  ])
})

test('each JDK and each Node has a row, and a JAVA_HOME that leads nowhere concerns no other', () => {
  linux.hostEnvironment.env.JAVA_HOME = join(linux.root, 'moved/jdk')
  for (const jdk of ['usr/lib/jvm/java-21', 'home/.sdkman/candidates/java/17', 'home/.jdks/temurin']) {
    for (const name of ['java', 'keytool']) program(`${jdk}/bin/${name}`)
    linux.write(`${jdk}/lib/security/cacerts`, '')
  }
  // No JDK, since it has no cacerts.
  program('usr/lib/jvm/broken/bin/java')
  program('bin/node')
  program('home/.nvm/versions/node/v22.1.0/bin/node')
  expect(clients().map(({ name, places }) => [name, places])).toEqual([
    ['Node', [expect.stringContaining('bundle.pem')]],
    ['Node v22.1.0 (nvm)', [expect.stringContaining('bundle.pem')]],
    ['Java (java-21)', ['usr/lib/jvm/java-21/lib/security/cacerts']],
    ['Java (17)', ['home/.sdkman/candidates/java/17/lib/security/cacerts']],
    ['Java (temurin)', ['home/.jdks/temurin/lib/security/cacerts']],
  ])
})

test('Python’s requests has a row if it is installed, and reads the system’s roots if it is Debian’s', () => {
  program('usr/bin/python3')
  linux.hostEnvironment.env.PATH = join(linux.root, 'usr/bin')
  const row = () => clients().find(({ name }) => name === 'Python’s requests')
  expect(row()).toBeUndefined()
  linux.write('usr/lib/python3.13/site-packages/requests/__init__.py', '')
  expect(row()).toMatchObject({ places: [expect.stringContaining('bundle.pem')], run: 'requests' })
  linux.close()
  linux = recordedSystem('linux')
  program('usr/bin/python3')
  linux.hostEnvironment.env.PATH = join(linux.root, 'usr/bin')
  linux.write('usr/lib/python3/dist-packages/requests/__init__.py', '')
  expect(row()?.places).toHaveLength(2)
})

test('Go, Cargo and Deno are run for a proof; Deno reads the system’s roots only if it is set to', () => {
  for (const name of ['go', 'cargo', 'deno']) program(`bin/${name}`)
  const rows = () =>
    Object.fromEntries(
      findClients(linux.hostEnvironment, findStores(linux.hostEnvironment))
        .filter(({ path }) => path.startsWith(join(linux.root, 'bin')))
        .map(({ name, stores, run }) => [name, [run, stores]]),
    )
  const both = ['system', 'bundle']
  expect(rows()).toEqual({ Go: ['go', both], Cargo: ['cargo', both], Deno: ['deno', ['bundle']] })
  linux.hostEnvironment.env.DENO_TLS_CA_STORE = 'mozilla, system'
  expect(rows()['Deno']).toEqual(['deno', both])
})
