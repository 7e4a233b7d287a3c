import { describe, expect, test } from 'vitest'
import { timelineSchema } from '../../../../src/contract/inspect/timeline.ts'
import { renewalOf, timelineOf } from '../../../../src/pki/timeline/timeline.ts'
import {
  type CertificateOptions,
  makeCertificate,
  makeChain,
  makeKeys,
  moment,
} from '../../../support/pki/certificate-maker.ts'

const year = (from: string, to: string): CertificateOptions => ({
  notBefore: new Date(from),
  notAfter: new Date(to),
})
const anchorsOf = (...ders: Uint8Array[]) => [{ name: 'the given roots', certificates: ders }]
const client = (timeline: ReturnType<typeof timelineOf>, id: string) =>
  timeline.clients.find((each) => each.client === id)!

describe('an ordinary chain', () => {
  const { root, intermediate, leaf } = makeChain({
    root: year('2020-01-01T00:00:00Z', '2040-01-01T00:00:00Z'),
    intermediate: year('2024-01-01T00:00:00Z', '2030-01-01T00:00:00Z'),
  })
  const timeline = timelineOf({
    leaf: leaf.der,
    intermediates: [intermediate.der],
    anchors: anchorsOf(root.der),
    at: moment,
    scope: 'private',
  })

  test('ends with its leaf for every client', () => {
    timelineSchema.parse(timeline)
    expect(timeline.clients).toHaveLength(6)
    for (const each of timeline.clients) {
      expect(each).toMatchObject({
        validNow: true,
        firstInvalidAt: '2027-01-01T00:00:01.000Z',
        endedBy: { role: 'leaf', title: 'shop.test' },
        sentence: 'It stops being valid on 1 January 2027, when the certificate itself ends.',
        stages: [{ from: moment.toISOString(), until: '2027-01-01T00:00:00.000Z' }],
      })
    }
  })

  test('has a mark for every end', () => {
    expect(timeline.marks.map(({ sentence }) => sentence)).toEqual([
      '“shop.test” ends on 1 January 2027.',
      '“Intermediate” ends on 1 January 2030.',
      '“Root” ends on 1 January 2040.',
    ])
  })
})

test('an intermediate that ends first ends it, and is named', () => {
  const { root, intermediate, leaf } = makeChain({
    root: year('2020-01-01T00:00:00Z', '2040-01-01T00:00:00Z'),
    intermediate: year('2024-01-01T00:00:00Z', '2026-08-01T00:00:00Z'),
  })
  const timeline = timelineOf({
    leaf: leaf.der,
    intermediates: [intermediate.der],
    anchors: anchorsOf(root.der),
    at: moment,
    scope: 'private',
  })
  expect(client(timeline, 'openssl')).toMatchObject({
    firstInvalidAt: '2026-08-01T00:00:01.000Z',
    endedBy: { role: 'intermediate', title: 'Intermediate' },
    sentence: 'It stops being valid on 1 August 2026, when the intermediate “Intermediate” ends.',
  })
})

test('a root that ends first ends it for OpenSSL, Firefox and Apple, and not for Android, Java and Chrome', () => {
  const { root, intermediate, leaf } = makeChain({
    root: year('2010-01-01T00:00:00Z', '2026-09-01T00:00:00Z'),
  })
  const timeline = timelineOf({
    leaf: leaf.der,
    intermediates: [intermediate.der],
    anchors: anchorsOf(root.der),
    at: moment,
    scope: 'private',
  })
  for (const id of ['openssl', 'firefox', 'apple'])
    expect(client(timeline, id)).toMatchObject({
      firstInvalidAt: '2026-09-01T00:00:01.000Z',
      endedBy: { role: 'root' },
    })
  for (const id of ['android', 'java', 'chrome'])
    expect(client(timeline, id)).toMatchObject({
      firstInvalidAt: '2027-01-01T00:00:01.000Z',
      endedBy: { role: 'leaf' },
    })
})

test('a cross-signed way takes over where the first path ends', () => {
  const keys = makeKeys('ec')
  const young = makeCertificate({
    subject: 'Young root',
    authority: true,
    keys,
    ...year('2020-01-01T00:00:00Z', '2040-01-01T00:00:00Z'),
  })
  const old = makeCertificate({
    subject: 'Old root',
    authority: true,
    ...year('2000-01-01T00:00:00Z', '2040-01-01T00:00:00Z'),
  })
  const cross = makeCertificate({
    subject: 'Young root',
    authority: true,
    keys,
    issuer: old,
    ...year('2020-01-01T00:00:00Z', '2026-09-01T00:00:00Z'),
  })
  const leaf = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: young })
  const both = timelineOf({
    leaf: leaf.der,
    intermediates: [cross.der],
    anchors: anchorsOf(old.der, young.der),
    at: moment,
    scope: 'private',
  })
  expect(client(both, 'openssl')).toMatchObject({ firstInvalidAt: '2027-01-01T00:00:01.000Z' })
  const oldOnly = timelineOf({
    leaf: leaf.der,
    intermediates: [cross.der],
    anchors: anchorsOf(old.der),
    at: moment,
    scope: 'private',
  })
  expect(client(oldOnly, 'openssl')).toMatchObject({
    firstInvalidAt: '2026-09-01T00:00:01.000Z',
    endedBy: { role: 'intermediate', title: 'Young root' },
  })
  const renewed = makeCertificate({
    subject: 'Young root',
    authority: true,
    keys,
    issuer: old,
    ...year('2026-07-01T00:00:00Z', '2030-01-01T00:00:00Z'),
  })
  const handOver = timelineOf({
    leaf: leaf.der,
    intermediates: [cross.der, renewed.der],
    anchors: anchorsOf(old.der),
    at: moment,
    scope: 'private',
  })
  const { stages, sentence } = client(handOver, 'openssl')
  expect(stages.map(({ until }) => until)).toEqual(['2026-06-30T23:59:59.000Z', '2027-01-01T00:00:00.000Z'])
  expect(sentence).toContain('Until then another path takes over where one ends.')
})

test('a certificate that is not valid now has the reason, and no end', () => {
  const { root, leaf } = makeChain()
  const timeline = timelineOf({
    leaf: leaf.der,
    intermediates: [],
    anchors: anchorsOf(root.der),
    at: moment,
    scope: 'private',
  })
  expect(client(timeline, 'firefox')).toMatchObject({
    validNow: false,
    firstInvalidAt: null,
    endedBy: null,
    stages: [],
  })
  expect(client(timeline, 'firefox').sentence).toMatch(/No trusted authority issued it/)
  const expired = timelineOf({
    leaf: leaf.der,
    intermediates: [],
    anchors: anchorsOf(root.der),
    at: new Date('2027-06-01T00:00:00Z'),
    scope: 'private',
  })
  expect(client(expired, 'firefox')).toMatchObject({
    validNow: false,
    endedBy: { role: 'leaf' },
    sentence: expect.stringMatching(/was valid until/),
  })
})

describe('the next renewal', () => {
  const of = (notBefore: string, notAfter: string) => ({
    notBefore: `${notBefore}T00:00:00.000Z`,
    notAfter: `${notAfter}T00:00:00.000Z`,
  })

  test.each([
    ['2026-03-01', '2026-04-30', 200],
    ['2026-11-24', '2027-05-30', 100],
    ['2029-01-21', '2029-05-01', 47],
    ['2025-06-01', '2026-02-01', 398],
  ])('of a certificate from %s to %s may last %d days', (from, to, days) => {
    const renewal = renewalOf(of(from, to), 'public', new Date(`${from}T12:00:00Z`))
    expect(renewal).toMatchObject({ applies: true, maximumDays: days })
    expect(renewal.sentence).toContain(`at most ${days} days`)
  })

  test('is judged by today if it is already due', () => {
    const renewal = renewalOf(of('2025-01-01', '2025-12-01'), 'public', new Date('2026-11-24T00:00:00Z'))
    expect(renewal).toMatchObject({ renewAt: '2026-11-24T00:00:00.000Z', maximumDays: 200 })
    expect(renewal.sentence).toBe(
      'Renewed now, the next one may last at most 200 days. From 15 March 2027 on it is 100 days.',
    )
  })

  test('has no limit at a private authority', () => {
    const renewal = renewalOf(of('2026-01-01', '2030-01-01'), 'private', moment)
    expect(renewal).toMatchObject({ applies: false, sentence: expect.stringMatching(/do not apply/) })
  })
})
