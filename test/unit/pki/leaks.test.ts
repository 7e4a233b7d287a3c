import { createPrivateKey, type JsonWebKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openIntake } from '../../../src/pki/intake/intake.ts'
import { readIntake } from '../../../src/pki/intake/opening.ts'
import { matchFiles } from '../../../src/pki/intake/match.ts'
import { sample, samplePassphrase, sampleText, textFile } from '../../support/pki/samples.ts'

/** Forms in which a secret number or its PEM might be written. */
function tracesOf(keyPem: string): string[] {
  const jwk: JsonWebKey = createPrivateKey(keyPem).export({ format: 'jwk' })
  const secrets = [jwk.d, jwk.p, jwk.q].filter((value) => value !== undefined)
  const bytes = secrets.map((value) => Buffer.from(value, 'base64url'))
  const body = keyPem.split('\n').slice(1, -2)
  return [
    ...bytes.flatMap(writtenForms),
    // The first line of PKCS#8 is the same for every key of a type, up to the secret.
    ...body.slice(1).map((line) => line.slice(0, 40)),
  ]
}

function writtenForms(secret: Buffer): string[] {
  const base64 = [0, 1, 2].map((skip) => secret.subarray(skip).toString('base64').slice(2, 34))
  return [
    secret.toString('hex').slice(0, 32),
    secret.toString('hex').slice(-32),
    BigInt(`0x${secret.toString('hex')}`).toString(),
    [...secret.subarray(0, 8)].join(','),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}

function expectNoTrace(shown: unknown, traces: string[]): void {
  const text = JSON.stringify(shown, (_, value: unknown) =>
    value instanceof Error ? describeError(value) : value,
  )
  const bare = text.replace(/\\n|[\s:]/g, '')
  for (const trace of traces) {
    // Not `toContain`: a failure would print the very key.
    expect(text.includes(trace) || bare.includes(trace) || bare.toLowerCase().includes(trace)).toBe(false)
  }
}

function describeError(error: Error): unknown {
  return { ...error, message: error.message, stack: error.stack, cause: error.cause }
}

function caught(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}

describe('nothing of a private key is in', () => {
  const forms: [string, string, string | undefined][] = [
    ['rsa.key.pem', 'rsa', undefined],
    ['rsa.key.der', 'rsa', undefined],
    ['rsa.pkcs1.pem', 'rsa', undefined],
    ['p256.sec1-with-parameters.pem', 'p256', undefined],
    ['p256.encrypted.pem', 'p256', samplePassphrase],
    ['rsa.traditional-des.pem', 'rsa', samplePassphrase],
    ['rsa-legacy-rc2.p12', 'rsa', samplePassphrase],
    ['rsa-unencrypted.p12', 'rsa', undefined],
    ['p256.jks', 'p256', samplePassphrase],
    ['p256-rc4.p12', 'p256', samplePassphrase],
    ['p256.traditional-rc2-cbc.pem', 'p256', samplePassphrase],
  ]

  test.each(forms)('the report on %s', async (name, key, passphrase) => {
    const intake = await readIntake([sample(name), sample(`${key}.crt.pem`)], { passphrase })
    expect(intake.report.keyMatch?.matches).toBe(true)
    expectNoTrace(intake.report, tracesOf(sampleText(`${key}.key.pem`)))
    expectNoTrace(intake.report, passphrase === undefined ? [] : [passphrase])
  })

  test('the report on a key in a JWK, in a secret of Kubernetes, in a quoted mail and in a dump', () => {
    const pem = sampleText('p256.key.pem')
    const key = createPrivateKey(pem)
    const jwk = key.export({ format: 'jwk' })
    const texts = [
      JSON.stringify(jwk),
      JSON.stringify({ keys: [jwk, { ...jwk, x: 'broken' }] }),
      `data:\n  tls.key: ${Buffer.from(pem).toString('base64')}\n`,
      `data: ${Buffer.from(pem).toString('base64').slice(0, -20)}`,
      pem.replaceAll(/^(?=.)/gm, '> '),
      pem.replaceAll('-----', '\u2014--'),
      key.export({ format: 'der', type: 'pkcs8' }).toString('hex'),
    ]
    for (const text of texts) {
      using intake = openIntake([textFile('given', text)])
      expectNoTrace([intake.report, intake.unread().map(describeError)], tracesOf(pem))
    }
  })

  test('the errors about a key that is broken in any of a hundred places', () => {
    const pem = sampleText('p256.key.pem')
    const traces = tracesOf(pem)
    for (let at = 28; at < pem.length - 26; at += 2) {
      const broken = textFile('a.key', `${pem.slice(0, at)}*${pem.slice(at + 1)}`)
      expectNoTrace(openIntake([broken]).report, traces)
      expectNoTrace(
        caught(() => matchFiles([sample('p256.crt.pem')], [broken])),
        traces,
      )
      expectNoTrace(
        caught(() => openIntake([broken]).servable()),
        traces,
      )
    }
  })

  test('the errors about a key whose label is another', () => {
    const traces = tracesOf(sampleText('rsa.key.pem'))
    for (const label of [
      'CERTIFICATE',
      'PUBLIC KEY',
      'EC PRIVATE KEY',
      'DATA',
      'OPENSSH PRIVATE KEY',
      'X509 CRL',
    ]) {
      const mislabelled = textFile('a.pem', sampleText('rsa.key.pem').replaceAll('PRIVATE KEY', label))
      expectNoTrace(openIntake([mislabelled, sample('rsa.crt.pem')]).report, traces)
    }
  })
})

test('a key that was taken out is the only one that is left after destroy', () => {
  const intake = openIntake([sample('rsa.crt.pem'), sample('rsa.key.pem')])
  const { keyPem } = intake.servable()
  intake[Symbol.dispose]()
  expect(keyPem.bytes.toString().startsWith('-----BEGIN PRIVATE KEY-----')).toBe(true)
})
