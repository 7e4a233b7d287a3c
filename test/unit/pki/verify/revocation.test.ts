import { describe, expect, test } from 'vitest'
import { ask, noes } from '../../../support/pki/ask.ts'
import {
  commonName,
  extension,
  generalName,
  makeCertificate,
  makeChain,
  makeKeys,
  moment,
} from '../../../support/pki/certificate-maker.ts'
import { distributionPoint, makeCrl, scope } from '../../../support/pki/crl-maker.ts'
import * as der from '../../../support/pki/der-writer.ts'

const { root, intermediate, leaf } = makeChain()
const query = { leaf, intermediates: [intermediate], anchors: [root] }
const revoked = [{ serial: leaf.serial, reason: 1 }]
const dayMs = 86_400_000

/** The reason of the authority's answer, or `good`. */
function says(...crls: Uint8Array[]): string {
  const { answers, ok } = ask({ ...query, crls })
  return ok ? 'good' : answers.authority.reason
}

describe('a CRL that lies beside the certificate', () => {
  const saysBeside = (...crlsBeside: Uint8Array[]): string => {
    const { answers, ok } = ask({ ...query, crlsBeside })
    return ok ? 'good' : answers.authority.reason
  }

  test('counts where it is by the issuer: revoked, or not to be relied on', () => {
    expect(saysBeside(makeCrl({ issuer: intermediate }))).toBe('good')
    expect(saysBeside(makeCrl({ issuer: intermediate, revoked }))).toContain('It was revoked by its issuer')
    const over = makeCrl({ issuer: intermediate, nextUpdate: new Date(moment.getTime() - 1000) })
    expect(saysBeside(over)).toBe(unknown('the one by its issuer held only until 15 June 2026'))
  })

  test('says nothing where it is by another', () => {
    const stranger = makeCertificate({ subject: 'Another root', authority: true })
    expect(saysBeside(makeCrl({ issuer: stranger, revoked }))).toBe('good')
    expect(saysBeside(makeCrl({ issuer: root }))).toBe('good')
  })
})

const unknown = (why: string) => `Whether it was revoked does not follow from the CRLs given: ${why}.`

describe('a CRL of the issuer', () => {
  test('clears a certificate that it does not list', () => {
    expect(says(makeCrl({ issuer: intermediate }))).toBe('good')
    expect(says(makeCrl({ issuer: intermediate, revoked: [{ serial: leaf.serial + 1n }] }))).toBe('good')
  })

  test('shows when and why a listed certificate was revoked', () => {
    const crl = makeCrl({ issuer: intermediate, revoked })
    expect(says(crl)).toBe('It was revoked by its issuer on 4 May 2026: its key was compromised.')
    expect(noes(ask({ ...query, crls: [crl] }))).toEqual(['revoked'])
  })

  test.each<[string, Partial<Parameters<typeof makeCrl>[0]>, string]>([
    [
      'is over',
      { nextUpdate: new Date(moment.getTime() - 1000) },
      'the one by its issuer held only until 15 June 2026',
    ],
    [
      'is of the future',
      { thisUpdate: new Date(moment.getTime() + dayMs), nextUpdate: new Date(moment.getTime() + 2 * dayMs) },
      'the one by its issuer holds only from 16 June 2026',
    ],
    ['has no end', { nextUpdate: null }, 'the one by its issuer does not say until when it holds'],
    ['has no number', { number: null }, 'the one by its issuer cannot be used, as it has no number'],
    ['is of version 1', { version: 1 }, 'the one by its issuer cannot be used, as it is not of version 2'],
    [
      'is signed by another',
      { keys: makeKeys() },
      'those by its issuer do not speak for it, or are not signed by it',
    ],
    [
      'has an unknown critical extension',
      { extra: extension('1.2.3', der.element(5), true) },
      'the one by its issuer cannot be used, as its critical extension 1.2.3 is not known here',
    ],
    [
      'has an unknown critical extension in an entry',
      { revoked: [{ serial: 1n, extra: extension('1.2.3', der.element(5), true) }] },
      'the one by its issuer cannot be used, as a critical extension of an entry, 1.2.3, is not known here',
    ],
    [
      'is for authorities alone',
      { scope: scope({ onlyAuthorities: true }) },
      'those by its issuer do not speak for it, or are not signed by it',
    ],
    [
      'is for attribute certificates',
      { scope: scope({ onlyAttributes: true }) },
      'those by its issuer do not speak for it, or are not signed by it',
    ],
    [
      'is published elsewhere',
      { scope: scope({ name: generalName('http://other.test/crl') }) },
      'those by its issuer do not speak for it, or are not signed by it',
    ],
    [
      'covers some reasons only',
      { scope: scope({ reasons: [1, 2] }) },
      'those by its issuer do not speak for it, or are not signed by it',
    ],
  ])('that %s clears nothing', (_, options, why) => {
    expect(says(makeCrl({ issuer: intermediate, ...options }))).toBe(unknown(why))
  })

  test('signed with SHA-1 clears nothing', () => {
    const chain = makeChain({ intermediate: { keys: makeKeys('rsa') } })
    const crls = [makeCrl({ issuer: chain.intermediate, hash: 'sha1' })]
    expect(
      ask({ leaf: chain.leaf, intermediates: [chain.intermediate], anchors: [chain.root], crls }).ok,
    ).toBe(false)
  })

  test('needs a key that may sign CRLs', () => {
    const chain = makeChain({ intermediate: { keyUsage: [5] } })
    const crls = [makeCrl({ issuer: chain.intermediate })]
    expect(
      ask({ leaf: chain.leaf, intermediates: [chain.intermediate], anchors: [chain.root], crls }).ok,
    ).toBe(false)
  })
})

describe('CRLs of others', () => {
  test('say nothing about the certificate', () => {
    const other = makeCertificate({ subject: 'Other', authority: true })
    expect(says(makeCrl({ issuer: other, revoked }))).toBe(unknown('none is by its issuer'))
    expect(says(makeCrl({ issuer: other, revoked }), makeCrl({ issuer: intermediate }))).toBe('good')
    expect(says(Buffer.from('rubbish'))).toBe(unknown('none is by its issuer'))
  })

  test('revoke an intermediate', () => {
    const crls = [
      makeCrl({ issuer: intermediate }),
      makeCrl({ issuer: root, revoked: [{ serial: intermediate.serial }] }),
    ]
    expect(says(...crls)).toBe('The intermediate “Intermediate” was revoked by its issuer on 4 May 2026.')
  })

  test('have to clear an intermediate once there is one by its issuer', () => {
    const old = makeCrl({ issuer: root, nextUpdate: new Date(moment.getTime() - 1000) })
    expect(says(makeCrl({ issuer: intermediate }), old)).toMatch(
      /^Whether the intermediate “Intermediate” was revoked/,
    )
  })
})

describe('several CRLs', () => {
  test('together cover all reasons', () => {
    const some = makeCrl({ issuer: intermediate, scope: scope({ reasons: [1, 2, 3] }) })
    const others = makeCrl({ issuer: intermediate, scope: scope({ reasons: [4, 5, 6, 7, 8] }) })
    expect(says(some, others)).toBe('good')
    expect(
      says(some, makeCrl({ issuer: intermediate, revoked, scope: scope({ reasons: [4, 5, 6, 7, 8] }) })),
    ).toContain('revoked by its issuer')
  })

  test('are read together if one is a delta', () => {
    const hold = { serial: leaf.serial, reason: 6 }
    const complete = makeCrl({ issuer: intermediate, number: 3, revoked: [hold] })
    const delta = (entries: typeof revoked) =>
      makeCrl({ issuer: intermediate, number: 5, base: 2, revoked: entries })
    expect(says(complete, delta([]))).toContain('it is on hold')
    expect(says(complete, delta([{ serial: leaf.serial, reason: 8 }]))).toBe('good')
    expect(says(makeCrl({ issuer: intermediate, number: 3 }), delta(revoked))).toContain(
      'its key was compromised',
    )
    expect(says(delta([]))).toContain('there is only a delta list, without its base.')
    expect(says(delta(revoked))).toMatch(/without its base; it lists the certificate as revoked on /)
    const keyless = makeCrl({ issuer: intermediate, number: 3, keyless: true })
    expect(says(keyless, delta(revoked))).toContain('its key was compromised')
    expect(says(keyless, delta([]))).toBe('good')
  })

  test('are not combined if the delta’s base is newer than the complete CRL', () => {
    const delta = makeCrl({ issuer: intermediate, number: 9, base: 7, revoked })
    expect(says(makeCrl({ issuer: intermediate, number: 3 }), delta)).toBe('good')
  })
})

describe('distribution points', () => {
  const point = generalName('http://ca.test/crl')
  const chain = makeChain({ leaf: { extensions: { '2.5.29.31': distributionPoint({ name: point }) } } })
  const asked = { leaf: chain.leaf, intermediates: [chain.intermediate], anchors: [chain.root] }

  test('lead to the CRL with their name', () => {
    const right = makeCrl({ issuer: chain.intermediate, scope: scope({ name: point }) })
    const wrong = makeCrl({
      issuer: chain.intermediate,
      scope: scope({ name: generalName('http://ca.test/other') }),
    })
    expect(ask({ ...asked, crls: [right] }).ok).toBe(true)
    expect(ask({ ...asked, crls: [wrong] }).ok).toBe(false)
    expect(ask({ ...asked, crls: [makeCrl({ issuer: chain.intermediate })] }).ok).toBe(true)
  })

  test('lead to a CRL by somebody else, who speaks for several issuers', () => {
    const speaker = makeCertificate({ subject: 'Speaker', issuer: root, authority: true, keyUsage: [6] })
    const extensions = { '2.5.29.31': distributionPoint({ crlIssuer: commonName('Speaker') }) }
    const pointed = makeCertificate({
      subject: 'shop.test',
      names: ['shop.test'],
      issuer: intermediate,
      extensions,
    })
    const entry = { serial: pointed.serial, issuer: intermediate.name }
    const indirect = scope({ indirect: true })
    const answer = (crl: Uint8Array, known = [speaker]) =>
      ask({ leaf: pointed, intermediates: [intermediate, ...known], anchors: [root], crls: [crl] })
    expect(answer(makeCrl({ issuer: speaker, scope: indirect })).ok).toBe(true)
    expect(noes(answer(makeCrl({ issuer: speaker, scope: indirect, revoked: [entry] })))).toEqual(['revoked'])
    expect(
      answer(makeCrl({ issuer: speaker, scope: indirect, revoked: [{ serial: pointed.serial }] })).ok,
    ).toBe(true)
    expect(noes(answer(makeCrl({ issuer: speaker })))).toEqual(['revocation_unknown'])
    expect(noes(answer(makeCrl({ issuer: speaker, scope: indirect }), []))).toEqual(['revocation_unknown'])
  })
})

describe('a key for CRLs of its own', () => {
  const options = { subject: 'Intermediate', issuer: root, authority: true, keyUsage: [6] }

  test('counts where a path leads from it to the same root', () => {
    const signer = makeCertificate(options)
    const stranger = makeCertificate({
      ...options,
      issuer: makeCertificate({ subject: 'Other', authority: true }),
    })
    const crl = (keys: typeof signer) => makeCrl({ issuer: intermediate, keys: keys.keys })
    const answer = (by: typeof signer) =>
      ask({ ...query, intermediates: [intermediate, by], crls: [crl(by)] })
    expect(answer(signer).ok).toBe(true)
    expect(noes(answer(stranger))).toEqual(['revocation_unknown'])
  })

  test('counts no more once it is revoked', () => {
    const signer = makeCertificate(options)
    const crls = [
      makeCrl({ issuer: intermediate, keys: signer.keys }),
      makeCrl({ issuer: root, revoked: [{ serial: signer.serial }] }),
    ]
    expect(noes(ask({ ...query, intermediates: [intermediate, signer], crls }))).toEqual([
      'revocation_unknown',
    ])
  })

  test('may be vouched for by the key before it, and stand in its own list', () => {
    const newer = makeCertificate({ subject: 'Intermediate', issuer: intermediate, authority: true })
    const crl = makeCrl({ issuer: intermediate, keys: newer.keys })
    expect(ask({ ...query, intermediates: [intermediate, newer], crls: [crl] }).ok).toBe(true)
  })
})
