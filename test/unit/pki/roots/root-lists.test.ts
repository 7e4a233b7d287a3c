import { afterEach, describe, expect, test } from 'vitest'
import fc from 'fast-check'
import {
  describeRootTrust,
  type IssuedLeaf,
  isListedRoot,
  parseRootLists,
  readRootLists,
  rootLists,
  type RootProgram,
  rootState,
  useRootLists,
} from '../../../../src/pki/roots/root-lists.ts'

afterEach(() => useRootLists(undefined))

const day = (text: string) => Date.parse(text)
const issued = (text: string): IssuedLeaf => ({
  issuedAt: day(text),
  loggedAt: [day(text)],
  dnsNames: ['shop.example'],
})
const now = issued('2026-11-30')
const browsers: RootProgram[] = [
  'chrome',
  'firefox',
  'apple',
  'android',
  'microsoft',
  'java',
  'node',
  'debian',
]
const roots = {
  digicertG1: '4348a0e9444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c70161',
  userTrustRsa: 'e793c9b02fd8aa13e21c31228accb08119643b749c898964b1746d46c3d4cbd2',
  globalSignR3: 'cbb522d7b7f127ad6a0113865bdf1cd4102e7d0759af635a7cf4720dc963c53b',
  entrustG2: '43df5774b03e7fef5fe40d931a7bedf1bb2e6b42738c4e6d3841103d3aa7f339',
  buypass2: '9a114025197c5bb95d94e63d55cd43790847b646b23cdf11ada4a00eff15fb48',
  camerfirma2008: '063e4afac491dfd332f3089b8542e94617d893d7fe944e10a7937ee29d9693c0',
  isrgX1: '96bcec06264976f37460779acf28c5a7cfe8a3c0aae11a8ffcee05c0bddf08c6',
  amazon1: '8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e',
  netLockArany: '6c61dac3a2def031506be036d2a6fe401994fbd13df9c8d466599274c446ec98',
}
/** Self-signed Root YE of Let's Encrypt, which no list has yet: any hash that is not listed. */
const rootYe = 'ee'.repeat(32)

function trusting(root: string, leaf = now): RootProgram[] {
  return browsers.filter((program) => rootState(program, root, leaf) === 'trusted')
}

describe('the shipped lists', () => {
  test('are dated, small, and have the programs that a site meets', () => {
    const { lists, roots: rows } = rootLists()
    expect(lists.map(({ program }) => program).toSorted()).toEqual(browsers.toSorted())
    expect(rows.size).toBeGreaterThan(380)
    expect(JSON.stringify([...rows.keys()]).length).toBeLessThan(30_000)
  })

  test.each([
    ['digicertG1', ['apple', 'android', 'microsoft', 'java', 'debian']],
    ['userTrustRsa', ['firefox', 'apple', 'android', 'microsoft', 'java', 'node', 'debian']],
    ['globalSignR3', ['firefox', 'apple', 'android', 'microsoft', 'java', 'node', 'debian']],
    ['entrustG2', ['apple', 'microsoft', 'debian']],
    ['buypass2', ['firefox', 'apple', 'android', 'microsoft', 'java', 'node', 'debian']],
    ['camerfirma2008', ['apple', 'microsoft']],
    ['isrgX1', browsers],
    ['amazon1', browsers],
    ['netLockArany', ['firefox', 'apple', 'android', 'microsoft', 'node', 'debian']],
  ] as const)('say who trusts %s for a certificate of 30 November 2026', (root, programs) => {
    expect(trusting(roots[root])).toEqual(programs)
  })

  test.each([
    ['userTrustRsa', 'chrome', '2026-09-30', '2026-10-01'],
    ['globalSignR3', 'chrome', '2026-09-30', '2026-10-01'],
    ['buypass2', 'chrome', '2025-10-31', '2025-11-01'],
    ['entrustG2', 'firefox', '2024-11-30', '2024-12-01'],
    ['entrustG2', 'java', '2024-10-31', '2024-11-01'],
    ['camerfirma2008', 'java', '2025-04-15', '2025-04-16'],
  ] as const)('have the last day of %s for %s', (root, program, last, after) => {
    expect(rootState(program, roots[root], issued(`${last}T23:59:00Z`))).toBe('trusted')
    expect(rootState(program, roots[root], issued(`${after}T00:00:00Z`))).toBe('outside')
  })

  test('know Root YE in no program, and no private root', () => {
    expect(isListedRoot(rootYe)).toBe(false)
    expect(describeRootTrust(rootYe)).toMatch(/a private one/)
  })

  test('count the first of several log entries, and the day of issue without one', () => {
    const logged = { ...now, loggedAt: [day('2026-09-01'), day('2026-11-30')] }
    expect(rootState('chrome', roots.userTrustRsa, logged)).toBe('trusted')
    expect(rootState('chrome', roots.userTrustRsa, { ...now, loggedAt: [] })).toBe('outside')
  })

  test('describe a root with its conditions', () => {
    expect(describeRootTrust(roots.userTrustRsa)).toMatch(
      /^Trusted by Chrome \(only certificates logged by 30 September 2026\), Firefox, .*\. Lists of 23 January 2022 to 30 November 2026\.$/,
    )
    expect(describeRootTrust(roots.digicertG1)).toMatch(/not in the list of Chrome, Firefox, Node\.js\./)
  })
})

describe('a table that somebody gives', () => {
  const lists = [{ program: 'chrome', version: '1', day: '2026-12-01', source: 'a test' }]
  const row = (cells: string) => ({
    lists,
    roots: [`${Buffer.from(rootYe, 'hex').toString('base64url').slice(0, 22)} ${cells}`],
  })

  test('replaces the shipped one, with blocks, limits of names and log entries after a day', () => {
    useRootLists(readRootLists(row('c>20260101~example,test;w!')))
    expect(rootState('chrome', rootYe, now)).toBe('trusted')
    expect(rootState('chrome', rootYe, issued('2026-01-01'))).toBe('outside')
    expect(rootState('chrome', rootYe, { ...now, dnsNames: ['shop.org'] })).toBe('outside')
    expect(rootState('microsoft', rootYe, now)).toBe('distrusted')
    expect(describeRootTrust(rootYe)).toMatch(/blocked by Windows/)
  })

  test.each([
    null,
    [],
    {},
    { lists: [], roots: [] },
    { lists, roots: ['x c'] },
    row('c<2026'),
    row('q'),
    { lists, roots: Array.from({ length: 2001 }, () => row('c').roots[0]) },
    { lists: [{ ...lists[0], program: 'netscape' }], roots: [] },
  ])('is refused with a reason: %j', (data) => {
    expect(() => readRootLists(data)).toThrow(/not a table of root programs/)
  })

  test('is refused as a file that is no JSON, or too large', () => {
    expect(() => parseRootLists('PNG')).toThrow(/not a table of root programs: it is not JSON/)
    expect(() => parseRootLists(JSON.stringify(row('c')).padEnd(300_000) + '{')).not.toThrow()
    expect(() => parseRootLists(`[${'1,'.repeat(200_000)}1]`)).toThrow(/not a table of root programs/)
  })

  test('never throws anything else', () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        try {
          readRootLists(data)
        } catch (error) {
          expect((error as { code: string }).code).toBe('input.invalid')
        }
      }),
    )
  })
})
