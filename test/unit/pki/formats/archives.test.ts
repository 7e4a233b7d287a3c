import { createSecureContext } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import { unlockIntake } from '../../../../src/pki/intake/opening.ts'
import { sample, samplePassphrase } from '../../../support/pki/samples.ts'

const kindsOf = (name: string, passphrase?: string) =>
  openIntake([sample(name)], passphrase === undefined ? {} : { passphrase }).report.pieces.map(
    ({ kind }) => kind,
  )
const everything = ['archive', 'certificate', 'certificate', 'certificate', 'private-key']

describe('a PKCS#12 archive', () => {
  const locked = [
    'rsa-aes.p12',
    'p256-aes-sha1-mac.p12',
    'rsa-legacy-rc2.p12',
    'p256-3des.p12',
    'p256-pbmac1.p12',
    'rsa-no-mac.p12',
    'rsa-firefox.p12',
  ]

  test.each(locked)(
    '%s asks for its passphrase and is then served from',
    async (name) => {
      const intake = openIntake([sample(name)])
      expect(intake.report.notServable?.code).toBe('key.encrypted')
      expect(intake.report.problems).toEqual([])
      await expect(unlockIntake(intake, 'p1', 'wrong')).rejects.toMatchObject({
        code: 'key.wrong_passphrase',
      })
      await unlockIntake(intake, 'p1', samplePassphrase)
      const { chainPem, chainDer, keyPem } = intake.servable()
      expect(chainDer).toHaveLength(2)
      expect(() => createSecureContext({ cert: chainPem, key: keyPem.bytes })).not.toThrow()
      expect(intake.report.fixes.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['root-removed', 'converted', 'decrypted']),
      )
    },
    60_000,
  )

  test.each(['rsa-empty-password.p12', 'rsa-unencrypted.p12'])(
    '%s needs no passphrase and is not asked for one',
    (name) => {
      expect(kindsOf(name)).toEqual(everything)
    },
  )

  test('is reported if the given passphrase does not open it', () => {
    const { report } = openIntake([sample('rsa-aes.p12')], { passphrase: 'wrong' })
    expect(report.notServable).toMatchObject({ code: 'key.wrong_passphrase', place: { file: 'rsa-aes.p12' } })
  })

  test('is refused by its MAC if its bytes were changed', () => {
    const { name, bytes } = sample('rsa-empty-password.p12')
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(1500) ^ 1, 1500)
    const { pieces } = openIntake([{ name, bytes: changed }]).report
    expect(pieces.map(({ kind }) => kind)).toEqual(['archive'])
  })
})

describe('a PKCS#7 collection', () => {
  test.each(['chain.p7b', 'chain.p7b.der'])('%s gives its certificates, to be put in order', (name) => {
    expect(kindsOf(name)).toEqual(['archive', 'certificate', 'certificate', 'certificate'])
    const intake = openIntake([sample(name), sample('rsa.key.pem')])
    expect(intake.servable().chainDer).toHaveLength(2)
  })
})
