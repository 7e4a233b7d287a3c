import { describe, expect, test } from 'vitest'
import type { Breach } from '../../../../src/pki/verify/breach.ts'
import { deadEndBreach } from '../../../../src/pki/verify/dead-end.ts'
import { createIssuerPool } from '../../../../src/pki/verify/issuer-pool.ts'
import { findPath } from '../../../../src/pki/verify/path-search.ts'
import type { CandidatePath } from '../../../../src/pki/verify/path-steps.ts'
import { freshBudget, type Budget } from '../../../../src/pki/verify/question.ts'
import { parseLeaf } from '../../../../src/pki/verify/verify.ts'
import {
  makeCertificate,
  makeChain,
  makeKeys,
  moment,
  type CertificateOptions,
  type MadeCertificate,
} from '../../../support/pki/certificate-maker.ts'

interface Asked {
  leaf: MadeCertificate
  intermediates?: MadeCertificate[]
  anchors?: MadeCertificate[]
  maxDepth?: number
  budget?: Partial<Budget>
  /** Breaches of a complete path. */
  breaks?: (path: CandidatePath) => Breach[]
}

/** Result of the search alone: `verifyCertificate` repeats it with wider limits when it finds nothing. */
function search({ leaf, intermediates = [], anchors = [], maxDepth = 10, ...asked }: Asked) {
  const ders = (made: MadeCertificate[]) => made.map((each) => each.der)
  const pool = createIssuerPool(ders(intermediates), [{ name: 'roots', certificates: ders(anchors) }])
  const budget = { ...freshBudget(), ...asked.budget }
  const { found, failed } = findPath({
    leaf: parseLeaf(leaf.der),
    pool,
    question: {
      at: moment.getTime(),
      purpose: 'server',
      maxDepth,
      policies: {},
      webProfile: false,
      anchorsExpire: true,
      budget,
    },
    wholePathBreaches: asked.breaks ?? (() => []),
    deadEnd: (path) => deadEndBreach(path, ['roots'], pool),
  })
  const breaches = failed.flatMap((path) => path.breaches)
  return { found: found && titles(found), failed: failed.map(told), breaches, budget }
}

const titles = ({ certificates }: CandidatePath) => certificates.map(({ title }) => title).join(' < ')
const told = (path: CandidatePath) => `${titles(path)}: ${path.breaches.map(({ code }) => code).join()}`

/** Leaves out key identifiers, so only a signature distinguishes the issuer from its namesakes. */
const withoutIdentifiers: CertificateOptions = { extensions: { '2.5.29.14': null, '2.5.29.35': null } }
const namesakes = (count: number) =>
  Array.from({ length: count }, () =>
    makeCertificate({ subject: 'Intermediate', authority: true, ...withoutIdentifiers }),
  )

describe('the search for a path', () => {
  test('tries one issuer after the other, and tells of those that did not lead to a root', () => {
    // The one that ends first is tried last.
    const soon = new Date('2026-12-01T00:00:00Z')
    const { root, intermediate, leaf } = makeChain({
      intermediate: { ...withoutIdentifiers, notAfter: soon },
      leaf: withoutIdentifiers,
    })
    const intermediates = [...namesakes(3), intermediate]
    const { found, failed } = search({ leaf, intermediates, anchors: [root] })
    expect(found).toBe('shop.test < Intermediate < Root')
    expect(failed).toEqual(Array(3).fill('shop.test < Intermediate: bad_signature'))
  })

  test('reports a path without an end if no issuer exists for its last certificate', () => {
    const { intermediate, leaf } = makeChain()
    expect(search({ leaf, intermediates: [intermediate] }).failed).toEqual([
      'shop.test < Intermediate: unknown_authority',
    ])
    expect(search({ leaf }).failed).toEqual(['shop.test: unknown_authority'])
    const last = { candidates: 1, steps: 1, signatures: 1 }
    const again = makeChain()
    const spent = search({ leaf: again.leaf, intermediates: [again.intermediate], budget: last })
    expect(spent.failed).toEqual(['shop.test < Intermediate: unknown_authority'])
  })

  test('is not begun for a certificate that breaks a rule by itself', () => {
    const { root, intermediate, leaf } = makeChain({ leaf: { notAfter: new Date('2026-06-01T00:00:00Z') } })
    const { found, failed, breaches, budget } = search({
      leaf,
      intermediates: [intermediate],
      anchors: [root],
    })
    expect([found, failed, budget]).toEqual([undefined, ['shop.test: expired'], freshBudget()])
    expect(breaches).toMatchObject([{ index: 0 }])
  })

  test('continues if a complete path breaks a rule, and checks that on complete paths alone', () => {
    const { root, intermediate, leaf } = makeChain()
    const other = makeCertificate({ subject: 'Root', keys: root.keys, authority: true })
    const asked: string[] = []
    const breach: Breach = { code: 'policy', message: '', index: 0, reference: '' }
    const { found, failed } = search({
      leaf,
      intermediates: [intermediate],
      anchors: [root, other],
      breaks: (path) => (asked.push(titles(path)) === 1 ? [breach] : []),
    })
    expect(asked).toEqual(Array(2).fill('shop.test < Intermediate < Root'))
    expect(found).toBe('shop.test < Intermediate < Root')
    expect(failed).toEqual(['shop.test < Intermediate < Root: policy'])
  })

  test('says whose signature is not by whose key', () => {
    const { intermediate, leaf } = makeChain()
    const impostor = makeCertificate({ subject: 'Root', authority: true })
    const above = search({ leaf, intermediates: [intermediate], anchors: [impostor] })
    expect(above.breaches).toMatchObject([
      {
        index: 1,
        message:
          'The signature on “Intermediate” is not by the key of “Root”, which has another key than the one it names.',
      },
    ])
    const unsigned = makeChain({ leaf: withoutIdentifiers }).leaf
    expect(search({ leaf: unsigned, intermediates: [intermediate] }).breaches).toMatchObject([
      { index: 0, message: 'Its signature is not by the key of “Intermediate”.' },
    ])
  })

  test('keeps the first 32 failures', () => {
    const { root, leaf } = makeChain({ leaf: withoutIdentifiers })
    const asked = { leaf, intermediates: namesakes(40), anchors: [root] }
    const failure = 'shop.test < Intermediate: bad_signature'
    expect(search(asked).failed).toEqual(Array(32).fill(failure))
    // The abandoned search is reported in any case.
    expect(search({ ...asked, budget: { steps: 35 } }).failed).toEqual([
      ...Array<string>(31).fill(failure),
      'shop.test: search_exhausted',
    ])
  })
})

describe('the cost of the search', () => {
  test.each(['steps', 'candidates', 'signatures'] as const)('is bounded: %s', (spent) => {
    const withBudget = (count: number) => {
      const { root, intermediate, leaf } = makeChain()
      return search({ leaf, intermediates: [intermediate], anchors: [root], budget: { [spent]: count } })
    }
    expect(withBudget(2)).toMatchObject({ found: 'shop.test < Intermediate < Root', failed: [] })
    expect(withBudget(2).budget[spent]).toBe(0)
    for (const count of [0, 1]) {
      const { found, failed, breaches } = withBudget(count)
      expect(found).toBeUndefined()
      expect(failed.length).toBeGreaterThan(1)
      for (const path of failed) expect(path).toMatch(/: search_exhausted$/)
      expect(breaches.at(-1)?.index).toBe(0)
    }
  })
})

describe('a path', () => {
  /** Authorities of one name, each issued by the one before: only the first counts as an intermediate. */
  function rolled(count: number): Asked {
    const root = makeCertificate({ subject: 'Root', authority: true })
    const intermediates: MadeCertificate[] = []
    for (let at = 0; at < count; at++)
      intermediates.push(
        makeCertificate({ subject: 'Roll', authority: true, issuer: intermediates.at(-1) ?? root }),
      )
    const leaf = makeCertificate({
      subject: 'shop.test',
      names: ['shop.test'],
      issuer: intermediates.at(-1)!,
    })
    return { leaf, intermediates, anchors: [root] }
  }

  test('has at most 24 certificates, those that do not count for its depth included', () => {
    expect(search(rolled(22)).found).toBe(
      ['shop.test', ...Array<string>(22).fill('Roll'), 'Root'].join(' < '),
    )
    const { found, failed, breaches } = search(rolled(23))
    expect(found).toBeUndefined()
    expect(breaches[0]?.message).toBe('The path has more than 24 certificates.')
    expect(failed[0]).toBe(`${['shop.test', ...Array<string>(23).fill('Roll')].join(' < ')}: path_too_long`)
  })

  test('has as many intermediates as are allowed', () => {
    const { root, intermediate, leaf } = makeChain()
    const asked = { leaf, intermediates: [intermediate], anchors: [root] }
    expect(search({ ...asked, maxDepth: 1 }).found).toBe('shop.test < Intermediate < Root')
    const { failed, breaches } = search({ ...asked, maxDepth: 0 })
    expect(failed).toEqual(['shop.test < Intermediate: path_too_long'])
    expect(breaches[0]?.message).toBe('The path has more intermediates than the 0 that are allowed.')
  })

  test('meets no authority twice, by its name and its key, and goes on through its namesakes', () => {
    const keys = makeKeys()
    const root = makeCertificate({ subject: 'Root', authority: true })
    const above = makeCertificate({ subject: 'Authority', authority: true, issuer: root })
    const below = makeCertificate({ subject: 'Authority', authority: true, issuer: above, keys })
    const again = makeCertificate({ subject: 'Authority', authority: true, issuer: below, keys })
    const leaf = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: below })
    const asked = { leaf, intermediates: [again, below, above] }
    expect(search({ ...asked, anchors: [root] }).found).toBe('shop.test < Authority < Authority < Root')
    const ends = search(asked).failed.filter((path) => !path.endsWith('bad_signature'))
    expect(ends).toEqual(['shop.test < Authority < Authority: unknown_authority'])
  })

  test('does not lead through its own leaf', () => {
    const leaf = makeCertificate({
      subject: 'shop.test',
      names: ['shop.test'],
      authority: true,
      keyUsage: [0, 5],
    })
    expect(search({ leaf, intermediates: [leaf] }).failed).toEqual(['shop.test: self_signed'])
  })
})
