import { describe, expect, test } from 'vitest'
import { verificationSchema } from '../../../../src/contract/inspect/certificate-facts.ts'
import { verifyCertificate } from '../../../../src/pki/verify/verify.ts'
import { ask, noes } from '../../../support/pki/ask.ts'
import {
  accessInformation,
  clientAuth,
  type KeyKind,
  makeCertificate,
  makeChain,
  makeKeys,
  moment,
} from '../../../support/pki/certificate-maker.ts'

const { root, intermediate, leaf } = makeChain()
const good = { leaf, intermediates: [intermediate], anchors: [root], host: 'shop.test' }

describe('a certificate that is good', () => {
  test('gets four answers, each with a sentence', () => {
    const verification = ask(good)
    expect(verificationSchema.parse(verification)).toEqual(verification)
    expect(verification.ok).toBe(true)
    expect(verification.answers).toEqual({
      validity: { ok: true, code: 'ok', reason: 'It is valid until 1 January 2027 (in 6 months).' },
      authority: { ok: true, code: 'ok', reason: 'It chains to “Root” (the given roots).' },
      signature: { ok: true, code: 'ok', reason: 'Every signature up to “Root” is valid.' },
      name: { ok: true, code: 'ok', reason: 'It covers shop.test.' },
    })
    expect(verification.path.map(({ title }) => title)).toEqual(['shop.test', 'Intermediate', 'Root'])
    expect(verification.trustedBy).toBe('the given roots')
  })

  test('has no answer about a name where none was asked about', () => {
    expect(ask({ ...good, host: undefined }).answers.name).toBeNull()
  })

  test.each<KeyKind>(['ec', 'p384', 'rsa', 'rsa-pss', 'ed25519'])(
    'may be signed with a key of the kind %s',
    (kind) => {
      const chain = makeChain({ root: { keys: makeKeys(kind) }, intermediate: { keys: makeKeys(kind) } })
      expect(
        noes(ask({ ...good, leaf: chain.leaf, intermediates: [chain.intermediate], anchors: [chain.root] })),
      ).toEqual([])
    },
  )

  test('may have any of its issuers for an anchor, and itself', () => {
    expect(ask({ ...good, anchors: [intermediate], intermediates: [] }).ok).toBe(true)
    const alone = ask({ ...good, anchors: [leaf], intermediates: [] })
    expect(alone.ok).toBe(true)
    expect(alone.answers.authority.reason).toBe('It is itself among the given roots.')
  })

  test('may be self-signed and renewed, when the one before is an anchor', () => {
    const keys = makeKeys()
    const before = makeCertificate({ subject: 'shop.test', names: ['shop.test'], keys, authority: true })
    const renewed = makeCertificate({ subject: 'shop.test', names: ['shop.test'], keys })
    expect(ask({ leaf: renewed, anchors: [before], host: 'shop.test' }).ok).toBe(true)
  })

  test('is trusted by the set that holds its root, called by its name', () => {
    const anchors = [
      { name: 'public roots', certificates: [] },
      { name: 'local authority', certificates: [root.der] },
    ]
    const verification = verifyCertificate({
      leaf: leaf.der,
      intermediates: [intermediate.der],
      anchors,
      at: moment,
    })
    expect(verification.trustedBy).toBe('local authority')
  })

  test('finds its way among strangers, duplicates and rubbish', () => {
    const strangers = Array.from(
      { length: 20 },
      (_, index) => makeCertificate({ subject: `Stranger ${index}`, authority: true }).der,
    )
    const intermediates = [...strangers, Buffer.from('rubbish'), intermediate.der, intermediate.der]
    const anchors = [
      { name: 'the given roots', certificates: [Buffer.from('rubbish'), ...strangers, root.der] },
    ]
    expect(verifyCertificate({ leaf: leaf.der, intermediates, anchors, at: moment }).ok).toBe(true)
  })
})

describe('a certificate out of its time', () => {
  test('was valid until', () => {
    const verification = ask({ ...good, at: new Date('2027-09-15T12:00:00Z') })
    expect(verification.answers.validity).toEqual({
      ok: false,
      code: 'expired',
      reason: 'It was valid until 1 January 2027 (8 months ago).',
    })
    expect(verification.candidates[0]?.broken?.reference).toBe('RFC 5280, section 6.1.3 (a)(2)')
  })

  test('keeps its other answers when only it has expired', () => {
    const old = makeChain({ leaf: { notAfter: new Date('2026-06-01T00:00:00Z') } })
    const verification = ask({
      ...good,
      leaf: old.leaf,
      intermediates: [old.intermediate],
      anchors: [old.root],
    })
    expect(noes(verification)).toEqual(['expired'])
    expect(verification.answers.authority.reason).toBe('It chains to “Root” (the given roots).')
  })

  test('is valid only from', () => {
    const verification = ask({ ...good, at: new Date('2025-12-30T00:00:00Z') })
    expect(verification.answers.validity.reason).toBe('It is valid only from 1 January 2026 (in 2 days).')
  })

  test('is valid for the whole of its last second', () => {
    expect(ask({ ...good, at: new Date('2027-01-01T00:00:00.999Z') }).answers.validity.ok).toBe(true)
    expect(ask({ ...good, at: new Date('2027-01-01T00:00:01Z') }).answers.validity.ok).toBe(false)
  })

  test('is not saved by its own period when an intermediate or the root has expired', () => {
    const over = { notAfter: new Date('2026-06-01T00:00:00Z') }
    for (const changes of [{ intermediate: over }, { root: over }]) {
      const chain = makeChain(changes)
      const verification = ask({
        ...good,
        leaf: chain.leaf,
        intermediates: [chain.intermediate],
        anchors: [chain.root],
      })
      expect(noes(verification)).toEqual(['expired'])
      expect(verification.answers.validity.reason).toMatch(
        /^The (intermediate|root) “\w+” was valid until 1 June 2026/,
      )
    }
  })

  test('takes the way around an expired intermediate', () => {
    const old = makeCertificate({
      subject: 'Intermediate',
      authority: true,
      issuer: root,
      keys: intermediate.keys,
      notAfter: new Date('2026-02-01'),
    })
    const verification = ask({ ...good, intermediates: [old, intermediate] })
    expect(verification.ok).toBe(true)
  })
})

describe('a certificate that leads nowhere', () => {
  test('is self-signed', () => {
    const alone = makeCertificate({ subject: 'shop.test', names: ['shop.test'] })
    const verification = ask({ leaf: alone, host: 'shop.test' })
    expect(noes(verification)).toEqual(['self_signed'])
    expect(verification.answers.authority.reason).toBe(
      'It is self-signed: no trusted authority issued it (searched: the given roots).',
    )
    expect(verification.answers.signature.reason).toBe(
      'It is signed by its own key, and that signature is valid.',
    )
  })

  test('is self-signed even where it is given again as an intermediate', () => {
    const alone = makeCertificate({ subject: 'shop.test', names: ['shop.test'] })
    expect(noes(ask({ leaf: alone, intermediates: [alone] }))).toEqual(['self_signed'])
  })

  test('has an unknown issuer', () => {
    const verification = ask({ ...good, intermediates: [] })
    expect(noes(verification)).toEqual(['unknown_authority', 'issuer_missing'])
    expect(verification.answers.authority.reason).toBe(
      'No trusted authority issued it: its issuer, “Intermediate”, was not found (searched: the files, the given roots).',
    )
  })

  test('says where a missing intermediate is published', () => {
    const access = accessInformation('http://ca.test/intermediate.crt')
    const chain = makeChain({ leaf: { extensions: { '1.3.6.1.5.5.7.1.1': access } } })
    const verification = ask({ ...good, leaf: chain.leaf, intermediates: [], anchors: [chain.root] })
    expect(verification.answers.authority).toEqual({
      ok: false,
      code: 'missing_intermediate',
      reason:
        'The intermediate “Intermediate” is missing (searched: the files, the given roots). Add it; it is published at http://ca.test/intermediate.crt.',
    })
  })

  test('leads to a root that is not trusted', () => {
    const other = makeCertificate({ subject: 'Other', authority: true })
    const verification = ask({ ...good, intermediates: [intermediate, root], anchors: [other] })
    expect(noes(verification)).toEqual(['unknown_authority'])
    expect(verification.answers.authority.reason).toBe(
      'It chains to “Root”, which is not trusted (searched: the given roots).',
    )
    expect(verification.answers.signature.ok).toBe(true)
  })

  test('does not trust a root for its name alone', () => {
    const impostor = makeCertificate({ subject: 'Root', authority: true })
    const verification = ask({ ...good, anchors: [impostor] })
    expect(verification.ok).toBe(false)
    expect(verification.answers.authority.reason).toContain('“Root”, was not found')
  })

  test('ends in a circle of authorities that vouch for each other', () => {
    const [one, two] = [makeKeys(), makeKeys()]
    const first = makeCertificate({ subject: 'One', keys: one, authority: true })
    const second = makeCertificate({ subject: 'Two', keys: two, authority: true, issuer: first })
    const back = makeCertificate({ subject: 'One', keys: one, authority: true, issuer: second })
    const lost = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: second })
    expect(noes(ask({ leaf: lost, intermediates: [second, back], anchors: [root] }))).toContain(
      'unknown_authority',
    )
  })
})

describe('a certificate with a wrong signature', () => {
  test('is not by the key that it names', () => {
    const forger = makeKeys()
    const forged = makeCertificate({
      subject: 'shop.test',
      names: ['shop.test'],
      issuer: { ...intermediate, keys: forger },
      extensions: { '2.5.29.35': null },
    })
    const verification = ask({ ...good, leaf: forged })
    expect(noes(verification)).toEqual(['bad_signature', 'bad_signature'])
    expect(verification.answers.signature.reason).toBe('Its signature is not by the key of “Intermediate”.')
    expect(verification.answers.authority.reason).toBe(
      'It claims to chain to “Root” (the given roots), but a signature on that path is not valid.',
    )
  })

  test('holds after no change of a single bit', () => {
    for (let bit = 0; bit < leaf.der.length * 8; bit += 7) {
      const changed = Uint8Array.from(leaf.der)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(acceptance(changed)).not.toBe(true)
    }
  })

  test.each([
    ['SHA-1', { keys: makeKeys('rsa') }, { hash: 'sha1' as const }, 'weak_signature'],
    ['an RSA key of 1024 bits', { keys: makeKeys('rsa1024') }, {}, 'weak_key'],
    ['a curve that clients do not know', { keys: makeKeys('secp256k1') }, {}, 'weak_key'],
  ])('is too weak with %s', (_, issuerChanges, leafChanges, code) => {
    const chain = makeChain({ intermediate: issuerChanges, leaf: leafChanges })
    expect(
      noes(ask({ ...good, leaf: chain.leaf, intermediates: [chain.intermediate], anchors: [chain.root] })),
    ).toEqual([code])
  })
})

describe('a certificate for something else', () => {
  test('is not meant for TLS servers', () => {
    const chain = makeChain({ leaf: { purposes: [clientAuth] } })
    const query = { ...good, leaf: chain.leaf, intermediates: [chain.intermediate], anchors: [chain.root] }
    expect(ask(query).answers.authority).toMatchObject({
      code: 'wrong_purpose',
      reason: 'It is not meant for TLS servers.',
    })
    expect(ask({ ...query, purpose: 'client' }).ok).toBe(true)
    expect(ask({ ...query, purpose: 'any' }).ok).toBe(true)
  })

  test('cannot do more than its intermediate', () => {
    const chain = makeChain({ intermediate: { purposes: [clientAuth] } })
    const verification = ask({
      ...good,
      leaf: chain.leaf,
      intermediates: [chain.intermediate],
      anchors: [chain.root],
    })
    expect(verification.answers.authority.reason).toBe(
      'The intermediate “Intermediate” is not meant for TLS servers.',
    )
  })

  test('names other hosts', () => {
    expect(ask({ ...good, host: 'other.test' }).answers.name).toEqual({
      ok: false,
      code: 'name_mismatch',
      reason: 'It does not cover other.test; it names shop.test.',
    })
  })

  test('has to name every e-mail address that was asked about', () => {
    const chain = makeChain({ leaf: { names: ['me@shop.test'] } })
    const query = {
      leaf: chain.leaf,
      intermediates: [chain.intermediate],
      anchors: [chain.root],
      purpose: 'any' as const,
    }
    expect(ask({ ...query, emails: ['me@SHOP.test'] }).ok).toBe(true)
    expect(noes(ask({ ...query, emails: ['me@shop.test', 'ME@shop.test'] }))).toEqual(['name_mismatch'])
  })
})

describe('input that is no certificate', () => {
  test('is refused with a typed error', () => {
    expect(() =>
      verifyCertificate({ leaf: Buffer.from('rubbish'), intermediates: [], anchors: [], at: moment }),
    ).toThrow(expect.objectContaining({ code: 'certificate.malformed' }))
  })
})

function acceptance(changed: Uint8Array): boolean | string {
  try {
    return verifyCertificate({
      leaf: changed,
      intermediates: [intermediate.der],
      anchors: [{ name: 'the given roots', certificates: [root.der] }],
      at: moment,
    }).ok
  } catch (error) {
    expect(error).toMatchObject({ code: 'certificate.malformed' })
    return 'malformed'
  }
}
