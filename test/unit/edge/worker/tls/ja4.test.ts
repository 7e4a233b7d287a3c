import { describe, expect, test } from 'vitest'
import type { ClientHello } from '../../../../../src/edge/worker/tls/client-hello.ts'
import { ja4 } from '../../../../../src/edge/worker/tls/hello-facts.ts'

const numbers = (hex: string) => hex.split(',').map((each) => Number.parseInt(each, 16))

/** The example of the specification, with the GREASE that its client sent. */
const example: ClientHello = {
  legacyVersion: 0x0303,
  supportedVersions: [0x0a0a, 0x0304, 0x0303],
  cipherSuites: numbers('7a7a,1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035'),
  extensions: numbers(
    'fafa,001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015,1a1a',
  ),
  serverName: 'shop.test',
  alpnProtocols: ['h2', 'http/1.1'],
  groups: [],
  signatureAlgorithms: numbers('0403,0804,0401,0503,0805,0501,0806,0601'),
}
const withAlpn = (...bytes: number[]) =>
  ja4({ ...example, alpnProtocols: [Buffer.from(bytes).toString('latin1')] }).slice(8, 10)

describe('the JA4 of a ClientHello', () => {
  test('is that of the specification for the specification’s example', () => {
    expect(ja4(example)).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1')
  })

  test('stays the same when extensions and ciphers are shuffled and GREASE is other', () => {
    const shuffled = {
      ...example,
      cipherSuites: [0x2a2a, ...example.cipherSuites.slice(1).toReversed()],
      extensions: [0xcaca, ...example.extensions.slice(1, -1).toReversed(), 0x3a3a],
    }
    expect(ja4(shuffled)).toBe(ja4(example))
  })

  test('ignores GREASE among the signature algorithms and keeps their order', () => {
    const greased = { ...example, signatureAlgorithms: [0x4a4a, ...example.signatureAlgorithms] }
    expect(ja4(greased)).toBe(ja4(example))
    const reordered = { ...example, signatureAlgorithms: example.signatureAlgorithms.toReversed() }
    expect(ja4(reordered)).not.toBe(ja4(example))
  })

  test('has no second list where there are no signature algorithms', () => {
    // The specification’s second example: the hash of the extensions alone.
    expect(ja4({ ...example, signatureAlgorithms: [] })).toBe('t13d1516h2_8daaf6152771_6d807ffa2a79')
  })

  test('has zeroes for absent parts', () => {
    const bare = {
      ...example,
      supportedVersions: [],
      cipherSuites: [0x1a1a],
      extensions: [],
      serverName: null,
      alpnProtocols: [],
    }
    expect(ja4(bare)).toBe('t12i000000_000000000000_000000000000')
  })

  test.each([
    [0x0304, '13'],
    [0x0303, '12'],
    [0x0302, '11'],
    [0x0301, '10'],
    [0x0300, 's3'],
    [0x0305, '00'],
  ])('names version %i as %s', (version, named) => {
    expect(ja4({ ...example, supportedVersions: [0x3a3a, version] }).slice(1, 3)).toBe(named)
  })

  test('counts to 99 and no further', () => {
    const many = { ...example, cipherSuites: Array.from({ length: 120 }, (_, at) => 0x1000 + at) }
    expect(ja4(many).slice(4, 6)).toBe('99')
  })

  test.each([
    [[0x68, 0x32], 'h2'],
    [[0x68], 'hh'],
    [[0xab], 'ab'],
    [[0xab, 0xcd], 'ad'],
    [[0x30, 0xab], '3b'],
    [[0x30, 0x31, 0xab, 0xcd], '3d'],
    [[0x30, 0xab, 0xcd, 0x31], '01'],
  ])('names the protocol %o as %s', (bytes, named) => {
    expect(withAlpn(...bytes)).toBe(named)
  })
})
