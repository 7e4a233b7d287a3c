import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import { readableName } from '../../../../src/contract/text/readable-name.ts'
import { coversDomain, normaliseDomain } from '../../../../src/pki/x509/host-names.ts'

const names = (...dns: string[]) => ({ dns, ip: [], email: [], uri: [] })

function reasonFor(input: string): string {
  try {
    return `accepted as ${normaliseDomain(input)}`
  } catch (error) {
    if (error instanceof EdgekeepError && error.code === 'domain.invalid')
      return (error.data as { reason: string }).reason
    throw error
  }
}

describe('normaliseDomain', () => {
  test.each([
    ['shop.test', 'shop.test'],
    ['  Shop.TEST. ', 'shop.test'],
    ['*.Shop.test', '*.shop.test'],
    ['localhost', 'localhost'],
    ['x.localhost', 'x.localhost'],
    ['münchen.de', 'xn--mnchen-3ya.de'],
    ['*.münchen.de', '*.xn--mnchen-3ya.de'],
    ['xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
    ['例子。测试', 'xn--fsqu00a.xn--0zwm56d'],
    ['ab--c.test', 'ab--c.test'],
    ['123.test', '123.test'],
  ])('writes %s as %s', (input, domain) => {
    expect(normaliseDomain(input)).toBe(domain)
  })

  test.each([
    ['', 'it is empty'],
    ['*', 'a wildcard needs a domain beneath it'],
    ['*.', 'a wildcard needs a domain beneath it'],
    ['*.*.test', 'a wildcard can only be the whole first label'],
    ['a*.test', 'a wildcard can only be the whole first label'],
    ['a.*.test', 'a wildcard can only be the whole first label'],
    ['https://shop.test/', 'it is a whole address; give the host name alone'],
    ['shop.test/path', 'it has more than a host name in it; leave out paths and users'],
    ['me@shop.test', 'it has more than a host name in it; leave out paths and users'],
    ['shop.test:8443', 'it has a port; the edge serves every domain on its own port'],
    ['127.0.0.1', 'it is an IP address, for which a client sends no server name'],
    ['[::1]', 'it is an IP address, for which a client sends no server name'],
    ['::1', 'it is an IP address, for which a client sends no server name'],
    ['1.2', 'it ends in a number, which clients read as an IP address'],
    ['shop.0x7f', 'it ends in a number, which clients read as an IP address'],
    ['a..b', 'it has an empty label (two dots in a row, or a dot in front)'],
    ['.a', 'it has an empty label (two dots in a row, or a dot in front)'],
    ['.', 'it has an empty label (two dots in a row, or a dot in front)'],
    ['-a.test', 'the label -a starts or ends with a hyphen'],
    ['a-.test', 'the label a- starts or ends with a hyphen'],
    ['a_b.test', 'it has an underscore, which no public authority may certify'],
    ['a b.test', 'it has a space in it'],
    ['%41.test', 'it holds characters that no domain may have'],
    ['a<b.test', 'it holds characters that no domain may have'],
    ['xn--a.test', 'the label xn--a is not valid Punycode'],
    ['xn--.test', 'the label xn-- starts or ends with a hyphen'],
    [`${'a'.repeat(64)}.test`, 'the label aaaaaaaa… is longer than 63 characters'],
    [`${'a.'.repeat(126)}ab`, 'it is longer than 253 characters'],
  ])('refuses %j: %s', (input, reason) => {
    expect(reasonFor(input)).toBe(reason)
  })

  test('refuses far too long names without converting them', () => {
    expect(reasonFor('ä'.repeat(5000))).toBe('it is longer than 253 characters')
  })

  test('gives a domain or a reason for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.domain()), (input) => {
        expect(reasonFor(input)).not.toBe('')
      }),
    )
  })

  test('leaves its own output unchanged', () => {
    const label = fc.stringMatching(/^[a-zäöüßéβ例0-9][a-zäöüßéβ例0-9-]{0,8}[a-zäöüßéβ例]$/)
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), fc.boolean(), (labels, wildcard) => {
        const result = reasonFor((wildcard ? '*.' : '') + labels.join('.'))
        if (!result.startsWith('accepted')) return
        const domain = result.slice('accepted as '.length)
        expect(normaliseDomain(domain)).toBe(domain)
        expect(normaliseDomain(readableName(domain))).toBe(domain)
        expect(domain).toMatch(/^[a-z0-9.*-]+$/)
      }),
    )
  })
})

describe('coversDomain', () => {
  test.each([
    [['shop.test'], 'shop.test'],
    [['SHOP.test'], 'shop.TEST.'],
    [['*.shop.test'], 'www.shop.test'],
    [['*.shop.test'], '*.shop.test'],
    [['*.shop.test'], 'xn--mnchen-3ya.shop.test'],
    [['xn--mnchen-3ya.de'], 'münchen.de'],
    [['localhost'], 'localhost'],
    [['a_b.test'], 'a_b.test'],
    [['*.a.test'], 'b_c.a.test'],
  ])('says that %j covers %s', (dns, domain) => {
    expect(coversDomain(names(...dns), domain)).toMatchObject({ ok: true, code: 'ok' })
  })

  test.each([
    [['shop.test'], 'www.shop.test'],
    [['*.shop.test'], 'shop.test'],
    [['*.shop.test'], 'a.b.shop.test'],
    [['*.shop.test'], '*.www.shop.test'],
    [['www.shop.test'], '*.shop.test'],
    [['w*.shop.test'], 'www.shop.test'],
    [['www.*.test'], 'www.shop.test'],
    [['*.test'], 'shop.test'],
    [['*'], 'shop'],
    [['münchen.de'], 'münchen.de'],
    [['-b.test'], '-b.test'],
    [['127.0.0.1'], '127.0.0.1'],
    [['shop.test '], 'shop.test'],
    [[], 'shop.test'],
  ])('says that %j does not cover %s', (dns, domain) => {
    expect(coversDomain(names(...dns), domain)).toMatchObject({ ok: false, code: 'name_mismatch' })
  })

  test('compares IP addresses as addresses', () => {
    const addresses = { ...names(), ip: ['192.0.2.1', '2001:0DB8:0:0:0:0:0:1'] }
    expect(coversDomain(addresses, '192.0.2.1').ok).toBe(true)
    expect(coversDomain(addresses, '[2001:db8::1]').ok).toBe(true)
    expect(coversDomain(addresses, '192.0.2.2').ok).toBe(false)
    expect(coversDomain(addresses, '::ffff:192.0.2.1').ok).toBe(false)
  })

  test('explains the two surprises about wildcards', () => {
    expect(coversDomain(names('*.shop.test'), 'shop.test').reason).toBe(
      'It does not cover shop.test; it names *.shop.test. *.shop.test does not cover shop.test itself.',
    )
    expect(coversDomain(names('*.shop.test'), 'a.b.shop.test').reason).toContain('covers only one label')
    expect(coversDomain(names('*.test'), 'shop.test').reason).toContain('No client accepts *.test')
  })

  test('explains why a present name does not count', () => {
    expect(coversDomain(names('-b.test'), '-b.test').reason).toBe(
      'It does not cover -b.test; it names -b.test. That is not a valid host name, so it does not count.',
    )
  })

  test('says through which name, and keeps long lists short', () => {
    expect(coversDomain(names('*.shop.test'), 'www.shop.test').reason).toBe(
      'It covers www.shop.test, through *.shop.test.',
    )
    const many = Array.from({ length: 40 }, (_, index) => `n${index}.test`)
    expect(coversDomain(names(...many), 'shop.test').reason).toBe(
      'It does not cover shop.test; it names n0.test, n1.test, n2.test, n3.test and 36 more.',
    )
  })

  test('does not let a name in a certificate steer a terminal', () => {
    expect(coversDomain(names('\u001b[2Jx.test'), 'shop.test').reason).not.toContain('\u001b')
  })

  test('matches one label for a wildcard, whatever the labels are', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/)
    fc.assert(
      fc.property(label, label, label, (one, two, three) => {
        const base = `${three}.test`
        expect(coversDomain(names(`*.${base}`), `${two}.${base}`).ok).toBe(true)
        expect(coversDomain(names(`*.${base}`), `${one}.${two}.${base}`).ok).toBe(false)
        expect(coversDomain(names(`*.${base}`), base).ok).toBe(false)
      }),
    )
  })
})
