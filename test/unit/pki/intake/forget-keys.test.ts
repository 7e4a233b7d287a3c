import { createPrivateKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type InputFile, openIntake } from '../../../../src/pki/intake/intake.ts'
import { sample } from '../../../support/pki/samples.ts'

/** The sample key with a changed private half. */
function brokenKey(type: string): InputFile {
  const key = Buffer.from(sample(`${type}.key.pem`).bytes)
  const der = Buffer.from(key.toString().replace(/-----.*-----/g, ''), 'base64')
  const { p, d } = createPrivateKey(key).export({ format: 'jwk' })
  for (const number of [p, d].filter((found) => found !== undefined)) {
    const at = der.indexOf(Buffer.from(number, 'base64url')) + 10
    der.writeUInt8(der.readUInt8(at) ^ 1, at)
  }
  return { name: 'key.der', bytes: der }
}

describe('an intake whose keys are zeroed', () => {
  test.each(['rsa', 'p256', 'ed25519'])('judges the certificate of an %s key that comes later', (type) => {
    const [certificate, key] = [sample(`${type}.crt.pem`), sample(`${type}.key.pem`)]
    for (const [given, fault] of [
      [key, undefined],
      [brokenKey(type), type === 'ed25519' ? 'key.mismatch' : 'key.malformed'],
    ] as const) {
      const intake = openIntake([given])
      intake.forgetKeys()
      intake.add([certificate])
      const whole = openIntake([given, certificate])
      expect(intake.report).toEqual(whole.report)
      expect(intake.report.notServable?.code).toBe(fault)
    }
  })

  test('has no key to serve', () => {
    const intake = openIntake([sample('rsa.crt.pem'), sample('rsa.key.pem')])
    intake.forgetKeys()
    expect(() => intake.servable()).toThrow('wiped')
  })
})
