import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import { verifyCertificate } from '../../../../src/pki/verify/verify.ts'
import { ask, noes } from '../../../support/pki/ask.ts'
import {
  extension,
  makeCertificate,
  makeChain,
  makeKeys,
  moment,
  nameConstraints,
  generalName,
  type MadeCertificate,
} from '../../../support/pki/certificate-maker.ts'
import { distributionPoint, makeCrl, scope } from '../../../support/pki/crl-maker.ts'
import { cpuTimeMs } from '../../../support/processes/cpu-time.ts'
import * as der from '../../../support/pki/der-writer.ts'
import { fuzzRuns, mutated } from '../../../support/pki/mutation.ts'

/** A chain with something for every decoder. */
function richChain() {
  const oid = der.objectIdentifier
  const policies = extension(
    '2.5.29.32',
    der.sequence(der.sequence(oid('1.3.9.1')), der.sequence(oid('2.5.29.32.0'))),
  )
  const extensions = {
    '2.5.29.30': nameConstraints(
      [generalName('shop.test'), generalName('me@shop.test')],
      [generalName('other.test')],
    ),
    '2.5.29.32': policies,
    '2.5.29.33': extension('2.5.29.33', der.sequence(der.sequence(oid('1.3.9.1'), oid('1.3.9.2')))),
    '2.5.29.36': extension('2.5.29.36', der.sequence(der.implicit(0, Uint8Array.of(9))), true),
    '2.5.29.54': extension('2.5.29.54', der.integer(5), true),
  }
  const access = der.sequence(der.sequence(oid('1.3.6.1.5.5.7.48.2'), generalName('http://ca.test/ca.crt')))
  return makeChain({
    intermediate: { extensions },
    leaf: {
      names: ['shop.test', '*.shop.test'],
      extensions: {
        '2.5.29.32': policies,
        '2.5.29.31': distributionPoint({ name: generalName('http://ca.test/crl'), reasons: [1, 2] }),
        '1.3.6.1.5.5.7.1.1': extension('1.3.6.1.5.5.7.1.1', access),
      },
    },
  })
}

const { root, intermediate, leaf } = richChain()
const crl = makeCrl({
  issuer: intermediate,
  scope: scope({ name: generalName('http://ca.test/crl'), indirect: true }),
  revoked: [{ serial: 5n, reason: 1, issuer: root.name }, { serial: 6n }],
})

describe('damaged and forged input', () => {
  test('is made of what verifies', () => {
    expect(ask({ leaf, intermediates: [intermediate], anchors: [root], host: 'www.shop.test' }).ok).toBe(true)
  })

  test('never verifies, whichever certificate it stands for', () => {
    const certificates = [leaf, intermediate, root].map((certificate) => certificate.der)
    fc.assert(
      fc.property(mutated(certificates), fc.integer({ min: 0, max: 2 }), (bytes, position) => {
        const [first, second, third] = certificates.map((der, index) => (index === position ? bytes : der))
        const query = {
          leaf: first,
          intermediates: [second],
          anchors: [{ name: 'given', certificates: [third] }],
          at: moment,
        }
        const isOriginal = certificates.some((der) => Buffer.from(der).equals(bytes))
        expect(outcome(query as Parameters<typeof verifyCertificate>[0]) && position < 2 && !isOriginal).toBe(
          false,
        )
      }),
      { numRuns: fuzzRuns(1500) },
    )
  })

  test('never clears a certificate through a CRL that the intact CRL does not clear', () => {
    const revoking = makeCrl({ issuer: intermediate, revoked: [{ serial: leaf.serial }] })
    fc.assert(
      fc.property(mutated([crl, revoking]), (bytes) => {
        const query = {
          leaf: leaf.der,
          intermediates: [intermediate.der],
          anchors: [{ name: 'given', certificates: [root.der] }],
          at: moment,
        }
        expect(outcome({ ...query, crls: [bytes] })).toBe(false)
      }),
      { numRuns: fuzzRuns(700) },
    )
  })
})

describe('certificates made to keep a verifier busy', () => {
  test('many authorities of one name that all vouch for each other', () => {
    const keys = Array.from({ length: 12 }, () => makeKeys())
    const issuers = keys.map((own): MadeCertificate => ({ ...root, keys: own }))
    const web = keys.flatMap((own) =>
      issuers.map((issuer) => makeCertificate({ subject: 'Root', keys: own, issuer, authority: true })),
    )
    const lost = makeCertificate({
      subject: 'shop.test',
      names: ['shop.test'],
      issuer: issuers[0] as MadeCertificate,
    })
    expectSoon(() => ask({ leaf: lost, intermediates: web, anchors: [makeCertificate({ authority: true })] }))
  })

  test('many layers of many authorities each', () => {
    const layers = Array.from({ length: 8 }, (_, layer) =>
      Array.from({ length: 6 }, () => ({ name: `Layer ${layer}`, keys: makeKeys() })),
    )
    const names = layers.map(
      (layer) => makeCertificate({ subject: layer[0]?.name ?? '', authority: true }).name,
    )
    const web = layers.slice(0, -1).flatMap((layer, index) =>
      layer.flatMap((own) =>
        (layers[index + 1] ?? []).map((above) => {
          const issuer = { ...root, name: names[index + 1] as Uint8Array, keys: above.keys }
          return makeCertificate({ subject: own.name, keys: own.keys, issuer, authority: true })
        }),
      ),
    )
    const issuer = { ...root, name: names[0] as Uint8Array, keys: layers[0]?.[0]?.keys ?? makeKeys() }
    const lost = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer })
    expectSoon(() => ask({ leaf: lost, intermediates: web, anchors: [root] }))
  })

  test('three hundred strangers with the name of the issuer', () => {
    const strangers = Array.from({ length: 300 }, () =>
      makeCertificate({ subject: 'Intermediate', authority: true }),
    )
    expectSoon(() => ask({ leaf, intermediates: strangers, anchors: [root] }))
    const among = [...strangers, intermediate]
    expect(ask({ leaf, intermediates: among, anchors: [root] }).ok).toBe(true)
  })

  function expectSoon(verify: () => ReturnType<typeof ask>): void {
    const spent = cpuTimeMs(() => expect(noes(verify()).length).toBeGreaterThan(0))
    expect(spent).toBeLessThan(1500)
  }
})

function outcome(query: Parameters<typeof verifyCertificate>[0]): boolean {
  try {
    return verifyCertificate(query).ok
  } catch (error) {
    if (error instanceof EdgekeepError && error.code === 'certificate.malformed') return false
    throw error
  }
}
