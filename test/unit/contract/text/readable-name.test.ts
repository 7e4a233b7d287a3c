import { domainToASCII } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  bothNames,
  readableName,
  readableText,
  readableUrl,
} from '../../../../src/contract/text/readable-name.ts'

/** The same by Node's own tables, so that no test can be wrong about an A-label. */
const asciiOf = (name: string) =>
  name.replace(/^(\*\.)?(.*)$/, (_, star = '', rest) => star + domainToASCII(rest))

describe('a name in one script, or in scripts that are written together, is shown as people write it', () => {
  test.each([
    'münchen.test',
    '*.münchen.test',
    'www.bücher-2.example.com',
    'łódź.pl',
    'șțiri.ro',
    'việtnam.vn',
    'straße.de',
    'почта.com',
    'сахар.рф',
    'ελλάδα.gr',
    '例子.测试',
    'ひらがなカタカナー漢字.jp',
    '한국.kr',
    '大韓民國한국.kr',
    '1번.kr',
    '第1.jp',
    'tシャツ.jp',
    'sonyストア.com',
    'ぷららmail.jp',
    'ローソンpay.jp',
    'e電子café.com',
    'lg전자.com',
    'sk하이닉스漢.kr',
    'مثال.com',
    'דוגמה.co.il',
    'उदाहरण.in',
    'ตัวอย่าง.com',
  ])('%s', (name) => {
    const ascii = asciiOf(name)
    expect(ascii).toContain('xn--')
    expect(readableName(ascii)).toBe(name)
    expect(readableName(ascii.toUpperCase())).toBe(name)
    expect(bothNames(ascii)).toBe(`${name} (${ascii})`)
  })
})

describe('a name that could be taken for another stays in ASCII', () => {
  test.each([
    ['a Cyrillic letter among Latin ones', 'pаypal.com'],
    ['a Greek letter among Latin ones', 'gοogle.com'],
    ['a long-vowel mark of Japanese among Latin letters', 'exampleー.com'],
    ['a Katakana letter among Latin ones that looks like a slash', 'example-comノlogin.test'],
    ['a Han character among Latin letters that looks like a hyphen', 'pay一pal.com'],
    ['a Han character among Latin letters that looks like one of them', '七est.com'],
    ['a Katakana letter among Latin ones that looks like one of them', 'エdea.com'],
    ['Han characters among Latin letters that look like an O', 'g口口gle.com'],
    ['a long-vowel mark after a Han character', '日本ー野球.jp'],
    ['Hebrew letters that all look Latin', 'חח.com'],
    ['Georgian letters that all look Latin', 'ოხ.com'],
    ['Thai letters that all look Latin', 'พรบ.com'],
    ['Malayalam letters that all look Latin', 'ഠഠ.com'],
    ['digits of another script alone', '৪৭.com'],
    ['a letter among digits that looks like one', '12з4567890.com'],
    ['a letter of Devanagari among digits that looks like one', '12उ4567890.com'],
    ['Han zeros among Latin letters', 'g〇〇gle.com'],
    ['Han zeros alone', '〇〇.com'],
    ['letters of Latin and Bopomofo', 'ㄚahoo.com'],
    ['letters of Latin, Japanese and Korean', 'tシャツ한.com'],
    ['letters of Japanese and Korean', 'ひ한.com'],
    ['letters of Latin, Cyrillic and Japanese', 'pаyストア.com'],
    ['letters of Latin and Thai', 'shopไทย.com'],
    ['a label whose every letter looks Latin', 'аррӏе.com'],
    ['the same beneath an honest label', 'münchen.аррӏе.com'],
    ['the same in front of an honest label', 'аррӏе.münchen.com'],
    ['Greek letters that all look Latin', 'νικον.com'],
    ['Armenian letters that all look Latin', 'սոօ.com'],
    ['a letter i without its dot', 'gıthub.com'],
    ['a digit of another script', 'shop০.com'],
    ['an accent of its own', 'goog̲le.com'],
    ['a script out of everyday use', 'ᎪᎡᎢ.com'],
    ['a click letter that looks like a slash', 'exampleǀcom.test'],
    ['an emoji', '☕.test'],
  ])('%s', (_, name) => {
    const ascii = asciiOf(name)
    expect(ascii).toContain('xn--')
    expect(readableName(ascii)).toBe(ascii)
    expect(bothNames(ascii)).toBe(ascii)
  })

  test.each([
    ['not Punycode', 'xn--a.test'],
    ['nothing after the prefix', 'xn--.test'],
    ['ASCII in Punycode', 'xn--shop-.test'],
    ['capitals that no client would look up', 'xn--BCHER-kva.XN--'],
    ['a label that is too long', `xn--${'9'.repeat(60)}.test`],
    ['a host name in a sentence', 'CA of xn--mnchen-3ya.test'],
    ['marks of direction', 'xn--mnchen-3ya\u202e.test'],
    ['an address', 'https://xn--mnchen-3ya.test/'],
    ['an ordinary name', 'Shop.test'],
    ['nothing', ''],
  ])('%s', (_, name) => {
    expect(readableName(name)).toBe(name)
  })

  test('a very long one in no time', () => {
    const name = Array.from({ length: 5000 }, () => 'xn--mnchen-3ya').join('.')
    expect(readableName(name).startsWith('münchen.münchen.')).toBe(true)
    expect(readableName(`xn--${'a'.repeat(1_000_000)}`)).toHaveLength(1_000_004)
  })
})

test.each([
  ['["xn--mnchen-3ya.test","*.xn--bcher-kva.test:8443"]', '["münchen.test","*.bücher.test:8443"]'],
  ['CA of xn--mnchen-3ya.test, shop.test', 'CA of münchen.test, shop.test'],
  ['like xn--80ak6aa92e.com or a.xn--', 'like xn--80ak6aa92e.com or a.xn--'],
  ['100%xn--mnchen-3ya', '100%xn--mnchen-3ya'],
])('reads each host name in %s', (text, readable) => {
  expect(readableText(text)).toBe(readable)
})

test('a URL has its host in U-labels, and all else as it was sent', () => {
  const rest = ':8443/xn--mnchen-3ya.test?to=https://xn--mnchen-3ya.test/'
  expect(readableUrl(`https://xn--mnchen-3ya.test${rest}`)).toBe(`https://münchen.test${rest}`)
})

test('a long text is read in no time', () => {
  for (const one of ['xn--a', 'xn--a.', 'xn--a-', '*.xn--a%']) {
    const text = one.repeat(200_000)
    expect(readableText(text).length).toBeGreaterThan(0)
  }
})
