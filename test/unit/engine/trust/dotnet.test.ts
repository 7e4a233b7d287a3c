import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { environmentText } from '../../../../src/cli/commands/trust/environment.ts'
import { subjectHash } from '../../../../src/pki/x509/subject-hash.ts'
import { bundleVariables } from '../../../../src/engine/trust/env.ts'
import { installIn, undoIn } from '../../../../src/engine/trust/stores/change-store.ts'
import { findClients } from '../../../../src/engine/trust/clients/find-clients.ts'
import { findStores } from '../../../../src/engine/trust/stores/find-stores.ts'
import { thumbprintOf, type TrustedRoot } from '../../../../src/engine/trust/stores/roots.ts'
import { devCertsStore, dotnetRootStore } from '../../../../src/engine/trust/stores/dotnet.ts'
import {
  changesOf,
  madeRoots,
  recordedSystem,
  type RecordedSystem,
} from '../../../support/engine/recorded-system.ts'
import { absent, unless } from '../../../support/needs.ts'

/* .NET's two places on Linux. The folder and the archive are read by the real OpenSSL; .NET itself was not here. */

const { current, wanted } = await madeRoots()
let linux: RecordedSystem
beforeEach(() => {
  linux = recordedSystem('linux')
  linux.write('bin/dotnet', '#!/bin/sh\n', 0o755)
})
afterEach(() => linux.close())

const everything = () =>
  readdirSync(linux.hostEnvironment.home, { recursive: true, encoding: 'utf8' }).toSorted()

function openssl(...words: string[]): string {
  return execFileSync('openssl', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

describe('.NET’s own store of a user’s roots', () => {
  const store = () => dotnetRootStore(linux.hostEnvironment)
  const folder = () => join(linux.hostEnvironment.home, '.dotnet/corefx/cryptography/x509stores/root')

  test('has an archive of the root alone, without a passphrase, and nothing is left after an undo', async () => {
    expect(await installIn(store(), changesOf(linux, wanted))).toMatchObject({ outcome: 'done' })
    const file = join(folder(), `${thumbprintOf(current.pem).toUpperCase()}.pfx`)
    const read = openssl('pkcs12', '-in', file, '-passin', 'pass:', '-nokeys')
    expect(read.replace(/^[^-]*/, '').trim()).toBe(current.pem.trim())
    expect(openssl('pkcs12', '-in', file, '-passin', 'pass:', '-nocerts', '-noenc').trim()).toBe('')
    expect(await undoIn(store(), changesOf(linux, wanted))).toMatchObject({ outcome: 'exact' })
    expect(everything()).toEqual([])
  })

  test('keeps the roots of others', async () => {
    mkdirSync(folder(), { recursive: true, mode: 0o700 })
    writeFileSync(join(folder(), 'AB.pfx'), 'theirs')
    await installIn(store(), changesOf(linux, wanted))
    await undoIn(store(), changesOf(linux, wanted))
    expect(readdirSync(folder())).toEqual(['AB.pfx'])
  })

  test('is refused, as by .NET, if others may write to it', async () => {
    mkdirSync(folder(), { recursive: true })
    chmodSync(folder(), 0o777)
    expect(await installIn(store(), changesOf(linux, wanted))).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining('can be written by others'),
    })
    expect(readdirSync(folder())).toEqual([])
  })
})

describe('the folder of "dotnet dev-certs" for OpenSSL', unless(absent('openssl')), () => {
  const store = () => devCertsStore(linux.hostEnvironment)
  const folder = () => join(linux.hostEnvironment.home, '.aspnet/dev-certs/trust')
  beforeEach(() => mkdirSync(folder(), { recursive: true, mode: 0o700 }))

  function verifies(): boolean {
    const leaf = join(linux.root, 'root.pem')
    writeFileSync(leaf, current.pem)
    const words = ['verify', '-no-CAfile', '-no-CApath', '-no-CAstore', '-CApath', folder(), leaf]
    return spawnSync('openssl', words).status === 0
  }

  test('leads the real OpenSSL to the root, and is as it was after an undo', async () => {
    writeFileSync(join(folder(), 'aspnetcore-localhost-AB.pem'), 'theirs')
    const before = everything()
    expect(verifies()).toBe(false)
    expect(await installIn(store(), changesOf(linux, wanted))).toMatchObject({ outcome: 'done' })
    expect(verifies()).toBe(true)
    expect(await store().read(wanted)).toMatchObject({
      state: 'trusted',
      sentence: expect.stringContaining('SSL_CERT_DIR'),
    })
    expect(await undoIn(store(), changesOf(linux, wanted))).toMatchObject({ outcome: 'exact' })
    expect(everything()).toEqual(before)
    expect(verifies()).toBe(false)
  })

  test('keeps the links of others with the same hash, also one that leads out of it', async () => {
    const [outside, link] = [join(linux.root, 'outside'), join(folder(), `${subjectHash(derOf(current))}.0`)]
    writeFileSync(outside, 'theirs')
    symlinkSync(outside, link)
    await installIn(store(), changesOf(linux, wanted))
    expect(readlinkSync(link)).toBe(outside)
    expect(readlinkSync(link.replace(/0$/, '1'))).toMatch(/^edgekeep-/)
    expect(verifies()).toBe(true)
    await undoIn(store(), changesOf(linux, wanted))
    expect(readdirSync(folder())).toEqual([`${subjectHash(derOf(current))}.0`])
    expect(readFileSync(outside, 'utf8')).toBe('theirs')
  })

  test('is not a folder that a variable names from nowhere, nor one of somebody else', async () => {
    const named = (folder: string) => {
      const { env } = linux.hostEnvironment
      return devCertsStore({
        ...linux.hostEnvironment,
        env: { ...env, DOTNET_DEV_CERTS_OPENSSL_CERTIFICATE_DIRECTORY: folder },
      })
    }
    expect(named('../../etc').location).toBe(folder())
    if (process.getuid?.() === 0) return
    expect(await named('/etc/ssl').obstacle()).toMatchObject({
      sentence: expect.stringContaining('somebody else'),
    })
  })

  test('writes through no link that lies in the place of its file', async () => {
    const outside = join(linux.root, 'outside')
    writeFileSync(outside, 'theirs')
    symlinkSync(outside, join(folder(), `edgekeep-${current.fingerprint.slice(0, 16)}.pem`))
    expect(await installIn(store(), changesOf(linux, wanted))).toMatchObject({ outcome: 'done' })
    expect(readFileSync(outside, 'utf8')).toBe('theirs')
  })

  test('survives dotnet’s own rehash, which takes every link away and makes it anew', async () => {
    await installIn(store(), changesOf(linux, wanted))
    for (const name of readdirSync(folder())) if (/\.\d+$/.test(name)) unlinkSync(join(folder(), name))
    expect(await store().read(wanted)).toMatchObject({ state: 'missing' })
    spawnSync('openssl', ['rehash', folder()])
    expect(await store().read(wanted)).toMatchObject({ state: 'trusted' })
    expect(await undoIn(store(), changesOf(linux, wanted))).toMatchObject({
      outcome: expect.stringMatching(/done|exact/),
    })
    expect(readdirSync(folder())).toEqual([])
  })

  test('is one of the stores where SSL_CERT_DIR names it, also of other programs with OpenSSL', () => {
    linux.write('bin/curl', '#!/bin/sh\n', 0o755)
    const hostEnvironment = {
      ...linux.hostEnvironment,
      env: { ...linux.hostEnvironment.env, SSL_CERT_DIR: `/etc/ssl/certs:${folder()}` },
    }
    const clients = findClients(hostEnvironment, findStores(hostEnvironment))
    const storesOf = (name: string) => clients.find((client) => client.name === name)?.stores
    expect(storesOf('.NET')).toEqual(['system', 'dotnet:root', 'dotnet:openssl', 'bundle'])
    expect(storesOf('curl')).toEqual(['system', 'dotnet:openssl', 'bundle'])
  })
})

test.each(['/CN=Plain', '/O=Two  Spaces /CN= ÄÖ Mixed CASE', '/C=DE/O=a/OU=b/CN=c+UID=d'])(
  'the hash of the subject %s is OpenSSL’s',
  (subject) => {
    const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-utf8']
    const pem = openssl(...words, '-keyout', '/dev/null', '-multivalue-rdn', '-subj', subject)
    const hash = execFileSync('openssl', ['x509', '-noout', '-subject_hash'], {
      input: pem,
      encoding: 'utf8',
    })
    expect(subjectHash(derOf({ pem }))).toBe(hash.trim())
  },
)

describe('containers', () => {
  const client = async () => {
    const found = findStores(linux.hostEnvironment)
    const [row] = findClients(linux.hostEnvironment, found).filter(({ kind }) => kind === 'system')
    const store = found.stores.find(({ id }) => id === row?.stores[0])
    return { row, reading: await store?.read(wanted) }
  }

  test('get an optional row for a Docker, whether its service answers or not', async () => {
    linux.write('bin/docker', '#!/bin/sh\n', 0o755)
    const { row, reading } = await client()
    expect(row).toMatchObject({ name: 'Containers of docker', optional: true })
    expect(reading).toMatchObject({
      state: 'unmanaged',
      sentence: expect.stringContaining('does not answer here'),
    })
    mkdirSync(join(linux.root, 'var/run'), { recursive: true })
    const service = createServer()
    await new Promise<void>((resolve) => service.listen(join(linux.root, 'var/run/docker.sock'), resolve))
    expect((await client()).reading).toMatchObject({ sentence: expect.stringContaining('Docker runs here.') })
    await new Promise((resolve) => service.close(resolve))
  })

  test.each(['unix://', `unix:///${'x'.repeat(300)}`, 'tcp://192.0.2.1:2375', '\u001B[2Junix:///x'])(
    'leave the rest of the atlas as it is if Docker points to %j',
    async (host) => {
      linux.write('bin/docker', '#!/bin/sh\n', 0o755)
      linux.hostEnvironment.env.DOCKER_HOST = host
      const { reading } = await client()
      expect(reading).toMatchObject({ state: 'unmanaged' })
      expect(reading?.sentence).not.toContain('\u001B')
    },
  )

  test('have no row where neither program is', async () => {
    expect((await client()).row).toBeUndefined()
  })

  test('take a Dockerfile that adds the root to an image in the way of either family, and no path of this computer', () => {
    const text = environmentText(bundleVariables({ folder: '/home/a b/e' }), 'dockerfile')
    expect(text).not.toContain('/home/a b')
    const run = text.slice(text.indexOf('RUN ') + 4, text.indexOf('\nENV')).replaceAll('\\\n', '')
    for (const [tool, expected] of [
      ['update-ca-certificates', ''],
      ['update-ca-trust', 'extract'],
    ] as const) {
      const image = recordedSystem('linux')
      image.write('usr/local/share/ca-certificates/edgekeep.crt', current.pem)
      image.write('etc/pki/ca-trust/source/anchors/README', '')
      image.write(`bin/${tool}`, `#!/bin/sh\necho "$@" > '${image.root}/ran'\n`, 0o755)
      const inside = run.replaceAll(' /', ` ${image.root}/`).replaceAll(`>${image.root}/dev`, '>/dev')
      const ran = spawnSync('/bin/sh', ['-c', inside], {
        env: { PATH: `${image.root}/bin:/bin` },
        encoding: 'utf8',
      })
      expect(ran, inside).toMatchObject({ status: 0 })
      expect(readFileSync(join(image.root, 'ran'), 'utf8').trim()).toBe(expected)
      expect(existsSync(join(image.root, 'etc/pki/ca-trust/source/anchors/edgekeep.pem'))).toBe(
        expected !== '',
      )
      image.close()
    }
    expect(text).toContain('ENV NODE_EXTRA_CA_CERTS=/usr/local/share/ca-certificates/edgekeep.crt')
  })
})

function derOf({ pem }: Pick<TrustedRoot, 'pem'>): Buffer {
  return Buffer.from(pem.replace(/^[^-]*/, '').replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
}
