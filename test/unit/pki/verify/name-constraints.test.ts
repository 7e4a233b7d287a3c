import { describe, expect, test } from 'vitest'
import type { Verification } from '../../../../src/contract/inspect/certificate-facts.ts'
import { ask } from '../../../support/pki/ask.ts'
import {
  attribute,
  commonName,
  generalName,
  makeCertificate,
  makeChain,
  nameConstraints,
  type CertificateOptions,
} from '../../../support/pki/certificate-maker.ts'
import { cpuTimeMs } from '../../../support/processes/cpu-time.ts'
import * as der from '../../../support/pki/der-writer.ts'

interface Constraints {
  permitted?: (string | Uint8Array)[]
  excluded?: (string | Uint8Array)[]
}

/** The answers about a leaf under an intermediate with these constraints. */
function under({ permitted = [], excluded = [] }: Constraints, leaf: CertificateOptions): Verification {
  const bases = (all: (string | Uint8Array)[]): Uint8Array[] =>
    all.map((base) => (typeof base === 'string' ? generalName(base) : base))
  const value = nameConstraints(bases(permitted), bases(excluded))
  const chain = makeChain({
    intermediate: { extensions: { '2.5.29.30': value } },
    leaf: { subject: 'a leaf', names: undefined, ...leaf },
  })
  return ask({ leaf: chain.leaf, intermediates: [chain.intermediate], anchors: [chain.root], purpose: 'any' })
}

const dns = (text: string): Uint8Array => der.implicit(2, Buffer.from(text))
const email = (text: string): Uint8Array => der.implicit(1, Buffer.from(text))
const uri = (text: string): Uint8Array => der.implicit(6, Buffer.from(text))
const network = (...octets: number[]): Uint8Array => der.implicit(7, Uint8Array.from(octets))
const directory = (name: Uint8Array): Uint8Array => der.explicit(4, name)
const otherName = der.explicit(0, der.objectIdentifier('1.2.3'), der.explicit(0, der.utf8('x')))
const withNames = (...names: Uint8Array[]): CertificateOptions => ({
  extensions: {
    '2.5.29.17': der.sequence(der.objectIdentifier('2.5.29.17'), der.octetString(der.sequence(...names))),
  },
})

describe('name constraints permit', () => {
  test.each<[string, Uint8Array, string]>([
    ['the name itself', dns('shop.test'), 'shop.test'],
    ['any labels in front', dns('shop.test'), 'A.b.SHOP.test'],
    ['a wildcard beneath', dns('shop.test'), '*.shop.test'],
    ['a wildcard beneath a leading dot', dns('.shop.test'), '*.shop.test'],
    ['everything', dns(''), 'shop.test'],
    ['what is beneath a leading dot', dns('.shop.test'), 'a.shop.test'],
    ['an address in the network', network(192, 0, 2, 0, 255, 255, 255, 0), '192.0.2.77'],
    ['a mailbox', email('Me@shop.test'), 'Me@SHOP.test'],
    ['mailboxes of a host', email('shop.test'), 'anyone@shop.test'],
    ['mailboxes beneath a domain', email('.shop.test'), 'anyone@mail.shop.test'],
    ['a star in a mailbox, for itself', email('*@shop.test'), '*@shop.test'],
    ['a quoted mailbox', email('shop.test'), '"me@home \\" or not"@shop.test'],
    ['URIs of a host', uri('shop.test'), 'https://me@shop.test:8443/path'],
    ['URIs beneath a domain', uri('.shop.test'), 'ftp://www.shop.test'],
    ['names of other kinds', dns('shop.test'), '192.0.2.1'],
  ])('%s', (_, base, name) => {
    expect(under({ permitted: [base] }, { names: [name] }).ok).toBe(true)
  })

  test.each<[string, Uint8Array, string]>([
    ['a name that only ends alike', dns('shop.test'), 'myshop.test'],
    ['the name itself where a dot leads', dns('.shop.test'), 'shop.test'],
    ['a wildcard above', dns('a.shop.test'), '*.shop.test'],
    ['a name that is none', dns('shop.test'), '-.shop.test'],
    ['an address outside', network(192, 0, 2, 0, 255, 255, 255, 0), '192.0.3.1'],
    ['an address of the other version', network(192, 0, 2, 0, 255, 255, 255, 0), '2001:db8::1'],
    ['a mailbox in other letters', email('Me@shop.test'), 'me@shop.test'],
    ['a mailbox elsewhere', email('shop.test'), 'me@mail.shop.test'],
    ['a URI elsewhere', uri('shop.test'), 'https://www.shop.test/'],
    ['a URI by one that is no host', uri('https://shop.test'), 'https://shop.test'],
    ['a URI with an address', uri('shop.test'), 'https://192.0.2.1/'],
  ])('not %s', (_, base, name) => {
    const { answers } = under({ permitted: [base] }, { names: [name] })
    expect(answers.authority).toMatchObject({ code: 'name_not_permitted' })
    expect(answers.authority.reason).toBe(`“Intermediate” may not issue for ${name}.`)
  })

  test('a URI without a host not at all', () => {
    expect(under({ permitted: [uri('shop.test')] }, withNames(uri('urn:a:b'))).ok).toBe(false)
  })

  test('only directory names that begin with theirs', () => {
    const base = der.sequence(attribute('2.5.4.10', der.utf8('Shop')))
    const inside = der.sequence(
      attribute('2.5.4.10', der.text(0x13, 'SHOP')),
      attribute('2.5.4.3', der.utf8('x')),
    )
    expect(under({ permitted: [directory(base)] }, { subject: inside }).ok).toBe(true)
    expect(under({ permitted: [directory(base)] }, { subject: 'x' }).ok).toBe(false)
    const alternative = { subject: inside, ...withNames(directory(commonName('x'))) }
    expect(under({ permitted: [directory(base)] }, alternative).ok).toBe(false)
  })
})

describe('name constraints exclude', () => {
  test.each<[string, Uint8Array, string]>([
    ['the name itself', dns('shop.test'), 'shop.test'],
    ['a wildcard that reaches in', dns('www.shop.test'), '*.shop.test'],
    ['a wildcard beneath a leading dot', dns('.shop.test'), '*.shop.test'],
    [
      'an address in the network',
      network(...Array<number>(15).fill(0), 1, ...Array<number>(16).fill(255)),
      '::1',
    ],
    ['a mailbox', email('shop.test'), 'me@shop.test'],
  ])('%s', (_, base, name) => {
    expect(under({ excluded: [base] }, { names: [name] }).answers.authority.code).toBe('name_not_permitted')
  })

  test('names that are permitted too', () => {
    expect(
      under({ permitted: [dns('shop.test')], excluded: [dns('shop.test')] }, { names: ['shop.test'] }).ok,
    ).toBe(false)
  })

  test('not a wildcard that stays out', () => {
    expect(under({ excluded: [dns('.www.shop.test')] }, { names: ['*.shop.test'] }).ok).toBe(true)
    expect(under({ excluded: [dns('a.www.shop.test')] }, { names: ['*.shop.test'] }).ok).toBe(true)
  })

  test.each([undefined, ['me@other.test'], ['shop.test']])(
    'an e-mail address in the subject beside the names %s',
    (names) => {
      const subject = der.sequence(attribute('1.2.840.113549.1.9.1', der.text(0x16, 'me@shop.test')))
      expect(under({ excluded: [email('shop.test')] }, { subject, names }).ok).toBe(false)
      expect(under({ excluded: [email('elsewhere.test')] }, { subject, names }).ok).toBe(true)
    },
  )

  test('names of kinds that are not known here, if there are any', () => {
    expect(under({ excluded: [otherName] }, withNames(dns('shop.test'), otherName)).ok).toBe(false)
    expect(under({ excluded: [otherName] }, { names: ['shop.test'] }).ok).toBe(true)
  })
})

describe('name constraints for hosts', () => {
  const permitted = [dns('shop.test')]
  const named = (...values: Uint8Array[]): CertificateOptions => ({
    subject: der.sequence(...values.map((value) => attribute('2.5.4.3', value))),
  })

  test.each([undefined, ['192.0.2.1'], ['me@shop.test']])(
    'apply to common names that are hosts beside the names %s',
    (names) => {
      const outside = [
        named(der.utf8('a.other.test')),
        named(der.utf8('a.shop.test'), der.utf8('*.other.test')),
      ]
      for (const subject of outside) expect(under({ permitted }, { ...subject, names }).ok).toBe(false)
      expect(under({ permitted }, { ...named(der.utf8('a.shop.test')), names }).ok).toBe(true)
    },
  )

  test('apply to a host in a BMPString', () => {
    const wide = der.text(0x1e, Buffer.from('other.test', 'utf16le').swap16().toString('latin1'))
    expect(under({ permitted }, named(wide)).ok).toBe(false)
  })

  test.each(['Joe Bloggs', 'other', 'not..test', 'not-.test', '192.0.2.1', 'me@other.test'])(
    'ignore the common name %s, which is no host',
    (name) => expect(under({ permitted }, named(der.utf8(name))).ok).toBe(true),
  )

  test('ignore common names beside DNS names, and those of authorities', () => {
    expect(under({ permitted }, { ...named(der.utf8('a.other.test')), names: ['a.shop.test'] }).ok).toBe(true)
    const { root, intermediate, leaf } = makeChain({
      root: { extensions: { '2.5.29.30': nameConstraints(permitted) } },
      intermediate: { subject: 'ca.other.test' },
      leaf: { subject: 'shop.test', names: ['shop.test'] },
    })
    expect(ask({ leaf, intermediates: [intermediate], anchors: [root] }).ok).toBe(true)
  })
})

describe('name constraints of one form', () => {
  test('leave names of other forms alone, also those that cannot be read', () => {
    expect(under({ permitted: [email('shop.test')] }, withNames(dns('-.shop.test'))).ok).toBe(true)
    const registeredId = der.implicit(8, Buffer.from([0x2a, 3]))
    expect(under({ excluded: [otherName] }, withNames(dns('shop.test'), registeredId)).ok).toBe(true)
  })

  test.each<[string, Uint8Array, Uint8Array]>([
    ['a mailbox without a host', email('other.test'), email('me@')],
    ['a mailbox without a user', email('other.test'), email('@shop.test')],
    ['a mailbox with two hosts', email('other.test'), email('me@shop.test@shop.test')],
    ['a mailbox with a blank', email('other.test'), email('me too@shop.test')],
    ['a mailbox with an empty word', email('other.test'), email('me..too@shop.test')],
    ['a mailbox of a host that is not a name', email('other.test'), email('me@-.test')],
    ['a URI without a host', uri('other.test'), uri('urn:a:b')],
    ['a URI with an address', uri('other.test'), uri('https://192.0.2.1/')],
    ['a URI with a host that is not a name', uri('other.test'), uri('https://-.test/')],
  ])('refuse what they cannot compare: %s', (_, base, name) => {
    expect(under({ excluded: [base] }, withNames(name)).answers.authority.code).toBe('name_not_permitted')
  })

  test.each(['me@shop.test@shop.test', '@shop.test', 'shop..test'])(
    'refuse addresses under the constraint “%s”, which cannot be compared',
    (base) => {
      const { authority } = under({ excluded: [email(base)] }, { names: ['me@other.test'] }).answers
      expect(authority.code).toBe('name_not_permitted')
    },
  )

  test('match no more than the name itself, unless it is a wildcard', () => {
    expect(under({ excluded: [dns('www.shop.test')] }, { names: ['abshop.test'] }).ok).toBe(true)
  })

  test('ignore an empty subject if they are for directories', () => {
    const base = directory(der.sequence(attribute('2.5.4.10', der.utf8('Shop'))))
    const empty = { subject: der.sequence(), ...withNames(dns('shop.test')) }
    expect(under({ permitted: [base] }, empty).answers.authority.code).toBe('ok')
  })

  test('count excluded names towards the limit', () => {
    const many = Array.from({ length: 1500 }, (_, index) => dns(`n${index}.test`))
    const names = Array.from({ length: 1500 }, (_, index) => `n${index}.example`)
    expect(under({ excluded: many }, { names }).answers.authority.code).toBe('too_many_names')
  })
})

describe('name constraints', () => {
  test.each<[string, Uint8Array]>([
    ['a mask with holes', network(192, 0, 2, 0, 255, 0, 255, 0)],
    ['an address without a mask', network(192, 0, 2, 1)],
    ['a wildcard', dns('*.shop.test')],
  ])('cannot have %s, whatever the names are', (_, base) => {
    const { authority } = under({ excluded: [base] }, { names: ['me@shop.test'] }).answers
    expect(authority).toMatchObject({ code: 'malformed' })
    expect(authority.reason).toContain('“name constraints” is malformed')
  })

  const constrained = { extensions: { '2.5.29.30': nameConstraints([dns('shop.test')]) } }

  test('bind intermediates, but not self-issued ones', () => {
    const root = makeCertificate({ subject: 'Root', authority: true, ...constrained })
    const outside = (subject: string) =>
      makeCertificate({ subject, issuer: root, authority: true, names: ['other.test'] })
    for (const [subject, ok] of [
      ['Other', false],
      ['Root', true],
    ] as const) {
      const intermediate = outside(subject)
      const leaf = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: intermediate })
      expect(ask({ leaf, intermediates: [intermediate], anchors: [root] }).ok).toBe(ok)
    }
  })

  test('send the search to another certificate of the same authority', () => {
    const { root, intermediate, leaf } = makeChain()
    const narrow = { extensions: { '2.5.29.30': nameConstraints([dns('other.test')]) } }
    const same = {
      subject: 'Intermediate',
      keys: intermediate.keys,
      issuer: root,
      authority: true,
      ...narrow,
    }
    const verification = ask({ leaf, intermediates: [makeCertificate(same), intermediate], anchors: [root] })
    expect(verification.ok).toBe(true)
  })

  test('are abandoned in good time if there are thousands, with thousands of names', () => {
    const many = Array.from({ length: 1500 }, (_, index) => dns(`n${index}.test`))
    const names = Array.from({ length: 1500 }, (_, index) => `n${index}.test`)
    const spent = cpuTimeMs(() => {
      expect(under({ permitted: many }, { names }).answers.authority.code).toBe('too_many_names')
    })
    expect(spent).toBeLessThan(2000)
  })
})
