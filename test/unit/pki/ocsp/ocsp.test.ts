import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeOcspResponse, type OcspVerdict } from '../../../../src/pki/ocsp/judge.ts'
import { ocspRequest } from '../../../../src/pki/ocsp/request.ts'
import { strictCertificateOf } from '../../../../src/pki/x509/certificate.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { startResponder, type TestResponder } from '../../../support/pki/ocsp-responder.ts'

const minuteMs = 60_000
const authority = createTestAuthority()
const leafPem = issueTestLeaf(authority, { names: ['shop.test'] }).leafPem
const leaf = strictCertificateOf(new X509Certificate(leafPem).raw)
const issuer = strictCertificateOf(authority.certificateDer)

let responder: TestResponder
let real: Buffer
beforeAll(async () => {
  responder = await startResponder(authority)
  responder.says(leafPem, 'good')
  const body = Uint8Array.from(ocspRequest(leaf, issuer))
  real = Buffer.from(await (await fetch(responder.address, { method: 'POST', body })).arrayBuffer())
})
afterAll(() => responder.close())

const judge = (der: Uint8Array, pastMs = 0): OcspVerdict =>
  judgeOcspResponse(der, { leaf, issuer, at: new Date(Date.now() + pastMs) })

describe('an answer of OpenSSL’s responder', () => {
  test('is good in its time, and not before or after', () => {
    expect(judge(real)).toMatchObject({ ok: true, status: 'good', revokedAt: null })
    expect(judge(real, -4 * minuteMs)).toMatchObject({ ok: true })
    expect(judge(real, -6 * minuteMs)).toEqual({ ok: false, reason: 'it is from the future' })
    expect(judge(real, 59 * minuteMs)).toMatchObject({ ok: true })
    expect(judge(real, 61 * minuteMs)).toEqual({ ok: false, reason: 'it is out of date' })
  })

  test('says nothing else whichever of its bits is turned', () => {
    const verdict = judge(real)
    for (let at = 0; at < real.length; at += 1) {
      const turned = Buffer.from(real)
      turned[at]! ^= 1 << (at % 8)
      const seen = judge(turned)
      if (seen.ok) expect(seen).toEqual(verdict)
    }
  })
})

test('bytes that are no answer are refused, and nothing else happens', () => {
  const start = fc.integer({ min: 0, max: 400 })
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 200 }), (length, noise) => {
      expect(judge(Buffer.concat([real.subarray(0, length), noise])).ok).toBe(false)
    }),
    { numRuns: 2_000 },
  )
})
