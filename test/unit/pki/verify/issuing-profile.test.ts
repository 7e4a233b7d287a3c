import { describe, expect, test } from 'vitest'
import { ask } from '../../../support/pki/ask.ts'
import {
  clientAuth,
  generalName,
  makeCertificate,
  makeChain,
  nameConstraints,
  type CertificateOptions,
} from '../../../support/pki/certificate-maker.ts'
import * as der from '../../../support/pki/der-writer.ts'

type Changes = Parameters<typeof makeChain>[0]

function authority(changes: Changes, purpose: 'server' | 'client' | 'any' = 'server') {
  const { root, intermediate, leaf } = makeChain(changes)
  return ask({ leaf, intermediates: [intermediate], anchors: [root], purpose }).answers.authority
}

const constrainedTo = (base: Uint8Array): CertificateOptions => ({
  extensions: { '2.5.29.30': nameConstraints([base]) },
})

describe('the rules for issuers', () => {
  test.each<[string, bigint, boolean]>([
    ['of 20 octets', 2n ** 159n - 1n, true],
    ['of 21 octets', 2n ** 159n, false],
    ['of one', 1n, true],
    ['of zero', 0n, false],
    ['of 127, in one octet', 127n, true],
    ['of 128, in two octets', 128n, true],
  ])('take a serial number %s: %s', (_, serial, ok) => {
    expect(authority({ leaf: { serial } }).code).toBe(ok ? 'ok' : 'issuing_rule')
  })

  test('want version 3, except of a trusted root', () => {
    expect(authority({ leaf: { version: 1 } })).toMatchObject({ code: 'issuing_rule' })
    expect(authority({ root: { version: 1 } })).toMatchObject({ code: 'ok' })
  })

  test('want no name constraints in a leaf', () => {
    const reason = 'It has name constraints, which only an authority may have.'
    expect(authority({ leaf: constrainedTo(generalName('shop.test')) })).toMatchObject({ reason })
    expect(authority({ leaf: constrainedTo(generalName('shop.test')) }, 'any')).toMatchObject({ code: 'ok' })
  })

  test('want alternative names of servers, not of clients', () => {
    const leaf: CertificateOptions = { names: undefined, purposes: [clientAuth] }
    expect(authority({ leaf }, 'client')).toMatchObject({ code: 'ok' })
    expect(authority({ leaf: { names: undefined } })).toMatchObject({
      reason: 'It has no subject alternative name.',
    })
  })

  test('want no leading dot in a constraint on host names, and allow one on mailboxes', () => {
    const dotted = (tag: number) => der.implicit(tag, Buffer.from('.test'))
    expect(authority({ intermediate: constrainedTo(dotted(2)) }).reason).toMatch(/with a leading dot\.$/)
    expect(authority({ intermediate: constrainedTo(dotted(1)) })).toMatchObject({ code: 'ok' })
  })
})

describe('a certificate trusted itself', () => {
  test('is distinguished from one that chains to it', () => {
    const alone = makeCertificate({ subject: 'shop.test', names: ['shop.test'] })
    const self = ask({ leaf: alone, anchors: [alone], purpose: 'any' }).answers
    expect(self.authority.reason).toBe('It is itself among the given roots.')
    expect(self.signature.reason).toBe('It is signed by its own key, and that signature is valid.')
    const { root, leaf, intermediate } = makeChain()
    const pinned = ask({ leaf, anchors: [leaf], purpose: 'any' }).answers
    expect(pinned.signature.reason).toBe('It is trusted by itself; its signature does not matter.')
    const broken = ask({ leaf, anchors: [root], purpose: 'any' }).answers
    expect(broken.signature.reason).toBe(
      "Its signature cannot be checked: its issuer's certificate is missing.",
    )
    const halfway = ask({ leaf, intermediates: [intermediate], purpose: 'any' }).answers
    expect(halfway.signature.reason).toBe(
      "The signature on “Intermediate” cannot be checked: its issuer's certificate is missing.",
    )
    expect(halfway.authority.reason).toContain('(searched: the files, the given roots)')
  })
})

describe('anchors', () => {
  test('are all tried if they share a name, and a damaged one does no harm', () => {
    const { root, intermediate, leaf } = makeChain()
    const namesake = makeCertificate({ subject: 'Root', authority: true })
    const damaged = { ...namesake, der: namesake.der.slice(0, 60) }
    const nothing = { ...namesake, der: Uint8Array.of(0x30, 0) }
    const anchors = [nothing, damaged, namesake, root]
    expect(ask({ leaf, intermediates: [intermediate], anchors }).answers.authority.code).toBe('ok')
  })
})
