import { createPrivateKey } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import forge from 'node-forge'
import { afterAll, describe, expect, test } from 'vitest'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import { type InputFile, type Intake, openIntake } from '../../../../src/pki/intake/intake.ts'
import { readIntake, unlockIntake } from '../../../../src/pki/intake/opening.ts'
import { decryptRc4 } from '../../../../src/pki/formats/rc4.ts'
import { sample, samplePassphrase as passphrase, textFile } from '../../../support/pki/samples.ts'
import { absent, unless } from '../../../support/needs.ts'

const slow = 60_000
const pathOf = (name: string) => new URL(`../../../support/pki/samples/${name}`, import.meta.url).pathname
const folder = mkdtempSync(path.join(tmpdir(), 'edgekeep-old-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The P-256 key of the samples, whatever it came in. */
const spki = openIntake([sample('p256.key.pem')]).report.pieces[0]?.publicKey?.spkiSha256
const keysIn = ({ report }: Intake) =>
  report.pieces.filter(({ kind }) => kind === 'private-key').map(({ publicKey }) => publicKey?.spkiSha256)

async function opened(file: InputFile, given = passphrase): Promise<Intake> {
  return readIntake([sample('p256.crt.pem'), file], { passphrase: given })
}

describe('a key under an old or foreign cipher', () => {
  const names = [
    ...['md5-rc2-64', 'sha1-rc2-64', 'rc4', 'v2-camellia-256-cbc', 'v2-aria-192-cbc'].map(
      (cipher) => `encrypted-${cipher}`,
    ),
    ...['rc2-cbc', 'rc2-40-cbc', 'rc2-64-cbc', 'camellia-128-cbc', 'aria-256-cbc'].map(
      (cipher) => `traditional-${cipher}`,
    ),
  ]

  test.each(names)('%s is opened by its passphrase and by no other', async (name) => {
    const file = sample(`p256.${name}.pem`)
    const intake = await opened(file)
    expect(keysIn(intake)).toEqual([spki])
    expect(createPrivateKey(intake.servable().keyPem.bytes).asymmetricKeyType).toBe('ec')
    const wrong = await opened(file, 'wrong')
    expect(wrong.report.notServable?.code).toBe('key.wrong_passphrase')
  })

  test.each([
    ['p256.encrypted-v2-seed-cbc.pem', 'SEED (1.2.410.200004.1.4)'],
    ['p256.traditional-seed-cbc.pem', 'SEED-CBC'],
  ])('%s, which is not read, is named with the line that converts it', async (name, algorithm) => {
    const { report } = await opened(sample(name))
    expect(report.notServable).toMatchObject({
      code: 'key.unsupported_encryption',
      message: expect.stringContaining(algorithm),
    })
    const line = /"openssl ([^"]+)"/.exec(report.notServable?.message ?? '')?.[1] ?? ''
    const out = path.join(folder, `${name}.out`)
    const words = line.replace('FILE', pathOf(name)).replace('new.pem', out).split(' ')
    const more = ['-passin', `pass:${passphrase}`, '-passout', `pass:${passphrase}`]
    const ran = spawnSync('openssl', [...words, ...more], { encoding: 'utf8' })
    expect(ran.status, ran.stderr).toBe(0)
    expect(keysIn(await opened({ name: 'new.pem', bytes: readFileSync(out) }))).toEqual([spki])
  })
})

describe('an archive of NSS with 600,000 rounds', () => {
  test('asks for its passphrase and is not worked on before', () => {
    const { report } = openIntake([sample('p256-nss.p12')])
    expect(report.problems).toEqual([])
    expect(report.notServable?.code).toBe('key.encrypted')
  })

  test(
    'is opened off this thread, with progress that only grows',
    async () => {
      const told: number[] = []
      let turns = 0
      const turning = setInterval(() => (turns += 1), 5)
      const intake = openIntake([sample('p256-nss.p12')])
      await unlockIntake(intake, 'p1', passphrase, { onProgress: (done) => told.push(done) })
      clearInterval(turning)
      expect(keysIn(intake)).toEqual([spki])
      expect(turns).toBeGreaterThan(20)
      expect(told.length).toBeGreaterThan(20)
      expect(told).toEqual(told.toSorted((a, b) => a - b))
      expect(told.at(-1)).toBe(1)
      expect(told.filter((done) => done === 1).length).toBeLessThan(5)
    },
    slow,
  )

  test(
    'is worked on once, though it is asked about again',
    async () => {
      const told: number[] = []
      const intake = await readIntake([sample('p256-nss.p12')], {
        passphrase,
        onProgress: (done) => told.push(done),
      })
      expect(keysIn(intake)).toEqual([spki])
      expect(told).toEqual([])
    },
    slow,
  )

  test('is left alone at once when that is cancelled, and stays locked', async () => {
    const intake = openIntake([sample('p256-nss.p12')])
    const cancel = new AbortController()
    const onProgress = () => cancel.abort()
    const opening = unlockIntake(intake, 'p1', 'some other passphrase', { signal: cancel.signal, onProgress })
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' })
    expect(intake.report.notServable?.code).toBe('key.encrypted')
  })
})

test('an archive under RC4 is opened', async () => {
  expect(keysIn(await opened(sample('p256-rc4.p12')))).toEqual([spki])
})

// RFC 6229, section 2: keys of 40 and 128 bits, offset 0.
test.each([
  ['0102030405', 'b2396305f03dc027ccc3524a0a1118a8'],
  ['0102030405060708090a0b0c0d0e0f10', '9ac7cc9a609d1ef7b2932899cde41b97'],
])('RC4 with the key %s gives the stream of RFC 6229', (key, stream) => {
  expect(decryptRc4(Buffer.from(key, 'hex'), Buffer.alloc(16)).toString('hex')).toBe(stream)
})

describe('a Java keystore', () => {
  test.each(['p256.jks', 'p256.jceks'])(
    '%s gives its certificates, and its key to its passphrase',
    async (name) => {
      const shut = openIntake([sample(name)])
      expect(shut.report.problems).toEqual([])
      expect(shut.report.pieces.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['archive', 'encrypted-private-key', 'certificate']),
      )
      expect(shut.report.notServable?.code).toBe('key.encrypted')
      const intake = await opened(sample(name))
      expect(keysIn(intake)).toEqual([spki])
      expect(intake.servable().chainDer).toHaveLength(1)
      expect((await opened(sample(name), 'wrong')).report.notServable?.code).toBe('key.wrong_passphrase')
    },
    slow,
  )

  test('names the entry after which nothing is read if that is a secret key', () => {
    const { problems } = openIntake([sample('p256-secret.jceks')]).report
    expect(problems).toMatchObject([
      { code: 'input.malformed', message: expect.stringMatching(/“secret” is a secret key/) },
    ])
  })

  test('gives what is whole, a sentence for the rest, and never throws, wherever it is truncated', () => {
    const { bytes } = sample('p256.jks')
    for (let length = 4; length < bytes.length; length += 7) {
      const cut = { name: 'cut.jks', bytes: Buffer.from(bytes.subarray(0, length)) }
      const { problems } = openIntake([cut]).report
      for (const { code } of problems) expect(code).toMatch(/malformed$/)
    }
  })

  test('is refused at once if it claims lengths and counts beyond its end', () => {
    for (const claim of [
      'feedfeed00000002ffffffff',
      'feedfeed0000000200000001000000010001',
      'feedfeed00000009',
    ])
      expect(
        openIntake([
          textFile('claim.jks', Buffer.concat([Buffer.from(claim, 'hex'), Buffer.alloc(64, 0xff)])),
        ]).report.problems,
      ).toMatchObject([{ code: 'input.malformed' }])
  })
})

describe('node-forge and the programs themselves', () => {
  test('node-forge finds the same key in an archive under RC2 and 3DES', async () => {
    const { bytes } = sample('rsa-legacy-rc2.p12')
    const asn1 = forge.asn1.fromDer(Buffer.from(bytes).toString('binary'))
    const bagType = forge.pki.oids['pkcs8ShroudedKeyBag'] as string
    const bags = forge.pkcs12.pkcs12FromAsn1(asn1, passphrase).getBags({ bagType })[bagType]
    const key = bags?.[0]?.key as forge.pki.rsa.PrivateKey
    const pem = forge.pki.privateKeyToPem(key)
    const theirs = openIntake([textFile('forge.pem', pem)]).report.pieces[0]?.publicKey?.spkiSha256
    const ours = await readIntake([sample('rsa-legacy-rc2.p12')], { passphrase })
    expect(keysIn(ours)).toEqual([theirs])
  })

  test(
    'keystores of a current keytool are read',
    { ...unless(absent('keytool')), timeout: slow },
    async () => {
      const store = path.join(folder, 'now.jks')
      const made = spawnSync('keytool', [
        ...[
          '-genkeypair',
          '-alias',
          'now',
          '-keyalg',
          'EC',
          '-groupname',
          'secp256r1',
          '-dname',
          'CN=now.test',
        ],
        ...['-keystore', store, '-storetype', 'JKS', '-storepass', 'changeit', '-keypass', 'changeit'],
      ])
      expect(made.status, made.stdout?.toString()).toBe(0)
      const intake = await readIntake([{ name: 'now.jks', bytes: readFileSync(store) }], {
        passphrase: 'changeit',
      })
      expect(intake.report.keyMatch?.matches).toBe(true)
    },
  )
})

test('no passphrase and nothing of a key is in what a failed opening throws', async () => {
  const file = Buffer.from(sample('p256.jks').bytes)
  file[file.length - 40] = (file[file.length - 40] ?? 0) ^ 1
  const intake = openIntake([{ name: 'broken.jks', bytes: file }])
  const id = intake.report.pieces.find(({ locked }) => locked)?.id ?? ''
  const failed = await unlockIntake(intake, id, 'not the passphrase').catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(EdgekeepError)
  expect(JSON.stringify(failed) + String((failed as Error).stack)).not.toContain('not the passphrase')
})
