import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { strictCertificateOf } from '../../../../src/pki/x509/certificate.ts'
import { verifyCertificate } from '../../../../src/pki/verify/verify.ts'
import { publicRoots, systemRoots } from '../../../../src/engine/certificates/anchors.ts'

describe('the anchors', () => {
  test('are made once', () => {
    expect(publicRoots()).toBe(publicRoots())
    expect(systemRoots()).toBe(systemRoots())
  })

  test('are read as OpenSSL reads them', () => {
    expect(publicRoots().certificates.length).toBeGreaterThan(100)
    for (const der of publicRoots().certificates) {
      const [ours, theirs] = [strictCertificateOf(der), new X509Certificate(der)]
      expect(ours.fault).toBeUndefined()
      expect(ours.fingerprintSha256).toBe(theirs.fingerprint256.replaceAll(':', '').toLowerCase())
      expect([ours.notBefore, ours.notAfter]).toEqual([
        theirs.validFromDate.getTime(),
        theirs.validToDate.getTime(),
      ])
      expect(ours.decoded.basicConstraints?.isCa).toBe(theirs.ca)
      expect(ours.publicKey?.equals(theirs.publicKey)).toBe(true)
    }
  })

  test('are each trusted by themselves while they last', () => {
    for (const leaf of publicRoots().certificates) {
      const at = new Date(strictCertificateOf(leaf).notAfter)
      const verification = verifyCertificate({
        leaf,
        intermediates: [],
        anchors: [publicRoots()],
        at,
        purpose: 'any',
      })
      expect(verification.answers.authority).toMatchObject({
        ok: true,
        reason: 'It is itself among public roots.',
      })
    }
  })
})
