import { describe, expect, test } from 'vitest'
import type { Verification } from '../../../../src/contract/inspect/certificate-facts.ts'
import type { PolicyInputs } from '../../../../src/pki/verify/policies.ts'
import { ask } from '../../../support/pki/ask.ts'
import {
  extension,
  makeCertificate,
  type CertificateOptions,
  type MadeCertificate,
} from '../../../support/pki/certificate-maker.ts'
import { cpuTimeMs } from '../../../support/processes/cpu-time.ts'
import * as der from '../../../support/pki/der-writer.ts'

const [gold, silver, bronze, any] = ['1.3.9.1', '1.3.9.2', '1.3.9.3', '2.5.29.32.0'] as const

interface Policies {
  policies?: string[]
  mappings?: [issuer: string, subject: string][]
  explicit?: number
  noMapping?: number
  noAny?: number
  selfIssued?: boolean
}

function extensionsFor({
  policies,
  mappings,
  explicit,
  noMapping,
  noAny,
}: Policies): Record<string, Uint8Array> {
  const ids = (oids: string[]) => oids.map((oid) => der.objectIdentifier(oid))
  const count = (number: number, value?: number) =>
    value === undefined ? [] : [der.implicit(number, Uint8Array.of(value))]
  const constraints = [...count(0, explicit), ...count(1, noMapping)]
  return {
    ...(policies
      ? {
          '2.5.29.32': extension(
            '2.5.29.32',
            der.sequence(...policies.map((oid) => der.sequence(...ids([oid])))),
          ),
        }
      : {}),
    ...(mappings
      ? {
          '2.5.29.33': extension(
            '2.5.29.33',
            der.sequence(...mappings.map((pair) => der.sequence(...ids(pair)))),
          ),
        }
      : {}),
    ...(constraints.length > 0
      ? { '2.5.29.36': extension('2.5.29.36', der.sequence(...constraints), true) }
      : {}),
    ...(noAny === undefined ? {} : { '2.5.29.54': extension('2.5.29.54', der.integer(noAny), true) }),
  }
}

function verified(certificates: Policies[], inputs: PolicyInputs): Verification {
  const root = makeCertificate({ subject: 'Root', authority: true })
  const path: MadeCertificate[] = []
  for (const [index, policies] of certificates.entries()) {
    const issuer = path.at(-1) ?? root
    const isLeaf = index === certificates.length - 1
    const options: CertificateOptions = { issuer, extensions: extensionsFor(policies) }
    const subject = policies.selfIssued ? issuer.name : isLeaf ? 'shop.test' : `Authority ${index}`
    const kind = isLeaf ? { names: ['shop.test'] } : { authority: true }
    path.push(makeCertificate({ ...options, ...kind, subject }))
  }
  const leaf = path.pop() as MadeCertificate
  return ask({ leaf, intermediates: path, anchors: [root], policies: inputs })
}

/** Whether a path of these certificates, the one below the root first, holds for these inputs. */
function holds(certificates: Policies[], inputs: PolicyInputs = {}): boolean {
  const { ok, answers } = verified(certificates, inputs)
  if (!ok) expect(answers.authority.code).toBe('policy')
  return ok
}

/** Break of such a path: its index from the leaf, and its message. */
function broken(certificates: Policies[], inputs: PolicyInputs = {}) {
  const [nearest] = verified(certificates, inputs).candidates
  return { index: nearest?.broken?.index, message: nearest?.broken?.message }
}

const required = { requireExplicit: true }
const wanting = (...acceptable: string[]): PolicyInputs => ({ requireExplicit: true, acceptable })

describe('policies', () => {
  test('do not matter unless they are required', () => {
    expect(holds([{ policies: [gold] }, { policies: [silver] }])).toBe(true)
    expect(holds([{}, {}])).toBe(true)
  })

  test('have to hold all the way down once one is required', () => {
    expect(holds([{ policies: [gold] }, { policies: [gold] }], required)).toBe(true)
    expect(holds([{ policies: [gold] }, { policies: [silver] }], required)).toBe(false)
    expect(holds([{ policies: [gold] }, {}], required)).toBe(false)
    expect(holds([{}, { policies: [gold] }], required)).toBe(false)
  })

  test('can be required by a certificate, at once or further down', () => {
    expect(holds([{ policies: [gold], explicit: 0 }, { policies: [silver] }])).toBe(false)
    expect(holds([{ policies: [gold], explicit: 1 }, { policies: [silver] }])).toBe(false)
    expect(holds([{ policies: [gold], explicit: 5 }, { policies: [silver] }])).toBe(true)
    expect(holds([{ policies: [gold] }, { policies: [silver], explicit: 0 }])).toBe(false)
  })

  test('count for as many certificates as are not self-issued, and for a leaf in any case', () => {
    const gone = { policies: [silver] }
    const renewed = { policies: [gold], selfIssued: true }
    expect(holds([{ policies: [gold], explicit: 2 }, renewed, gone])).toBe(true)
    expect(holds([{ policies: [gold], explicit: 3 }, { policies: [gold] }, gone])).toBe(true)
    expect(
      holds([
        { policies: [gold], explicit: 1 },
        { policies: [silver], selfIssued: true },
      ]),
    ).toBe(false)
  })

  test('are reported missing at the first certificate that needs them', () => {
    const none = 'A certificate policy is required, and none is valid here'
    const gone = { policies: [silver] }
    expect(broken([{}, { policies: [gold] }, gone], required)).toEqual({
      index: 2,
      message: `${none} (at “Authority 0”).`,
    })
    expect(broken([{ policies: [gold], explicit: 1 }, gone, gone, gone])).toEqual({
      index: 1,
      message: `${none} (at “Authority 2”).`,
    })
    expect(broken([{ policies: [gold] }, { policies: [gold] }], wanting(silver))).toEqual({
      index: 0,
      message: 'A certificate policy is required, and the path holds for none that is acceptable.',
    })
  })

  test('have to be ones that are acceptable', () => {
    expect(holds([{ policies: [gold, silver] }, { policies: [gold] }], wanting(gold))).toBe(true)
    expect(holds([{ policies: [gold, silver] }, { policies: [gold] }], wanting(silver))).toBe(false)
    expect(holds([{ policies: [gold] }, { policies: [gold] }], wanting(any))).toBe(true)
  })

  test('may be any, unless that is ruled out', () => {
    expect(holds([{ policies: [any] }, { policies: [gold] }], wanting(gold))).toBe(true)
    expect(holds([{ policies: [gold] }, { policies: [any] }], wanting(gold))).toBe(true)
    expect(holds([{ policies: [any] }, { policies: [any] }], wanting(bronze))).toBe(true)
    expect(holds([{ policies: [any] }, { policies: [gold] }], { ...required, inhibitAny: true })).toBe(false)
    expect(holds([{ policies: [gold], noAny: 0 }, { policies: [any] }], required)).toBe(false)
    expect(holds([{ policies: [gold], noAny: 1 }, { policies: [any] }], required)).toBe(true)
    expect(holds([{ policies: [gold], noAny: 2 }, { policies: [gold] }, { policies: [any] }], required)).toBe(
      true,
    )
    expect(holds([{ policies: [gold], noAny: 1 }, { policies: [any] }, { policies: [any] }], required)).toBe(
      false,
    )
  })

  test('may be any in a self-issued certificate even then', () => {
    const path = [{ policies: [gold], noAny: 0 }, { policies: [any], selfIssued: true }, { policies: [gold] }]
    expect(holds(path, required)).toBe(true)
  })
})

describe('policy mappings', () => {
  const mapped: Policies = { policies: [gold], mappings: [[gold, silver]] }

  test('let one policy stand for another, named as the root names it', () => {
    expect(holds([mapped, { policies: [silver] }], wanting(gold))).toBe(true)
    expect(holds([mapped, { policies: [silver] }], wanting(silver))).toBe(false)
    expect(holds([mapped, { policies: [gold] }], required)).toBe(false)
  })

  test('work on any policy', () => {
    const path = [
      { policies: [any], mappings: [[gold, silver]] as [string, string][] },
      { policies: [silver] },
    ]
    expect(holds(path, wanting(gold))).toBe(true)
    expect(holds(path, wanting(bronze))).toBe(false)
  })

  test('can be ruled out', () => {
    expect(holds([mapped, { policies: [silver] }], { ...required, inhibitMapping: true })).toBe(false)
    expect(holds([{ policies: [gold], noMapping: 0 }, mapped, { policies: [silver] }], required)).toBe(false)
    expect(holds([{ policies: [gold], noMapping: 1 }, mapped, { policies: [silver] }], required)).toBe(true)
    const after = (noMapping: number) => [
      { policies: [gold], noMapping },
      { policies: [gold] },
      mapped,
      { policies: [silver] },
    ]
    expect(holds(after(1), required)).toBe(false)
    expect(holds(after(2), required)).toBe(true)
    expect(holds([{ policies: [gold], noMapping: 2 }, mapped, { policies: [silver] }], required)).toBe(true)
  })

  test('may make one policy of two, and do nothing about one that is not there', () => {
    const mappings: [string, string][] = [
      [gold, bronze],
      [silver, bronze],
    ]
    const path = [{ policies: [gold, silver], mappings }, { policies: [bronze] }]
    expect(holds([{}, mapped, { policies: [silver] }])).toBe(true)
    expect(holds(path, wanting(gold))).toBe(true)
    expect(holds(path, wanting(silver))).toBe(true)
    expect(holds([{ policies: [gold], mappings: [[silver, bronze]] }, { policies: [gold] }], required)).toBe(
      true,
    )
  })

  test('mean nothing in a leaf', () => {
    expect(holds([{ policies: [gold] }, { policies: [gold], mappings: [[any, gold]] }], required)).toBe(true)
  })

  test('may not be to or from any policy', () => {
    expect(holds([{ policies: [any], mappings: [[any, gold]] }, { policies: [gold] }])).toBe(false)
    expect(holds([{ policies: [gold], mappings: [[gold, any]] }, { policies: [gold] }])).toBe(false)
  })

  test('take no longer if they multiply at each step', () => {
    const all = Array.from({ length: 30 }, (_, index) => `1.3.9.${100 + index}`)
    const pairs = all.flatMap((one) => all.map((two): [string, string] => [one, two]))
    const path = Array.from({ length: 6 }, () => ({ policies: all, mappings: pairs }))
    const spent = cpuTimeMs(() => {
      expect(holds([...path, { policies: all }], required)).toBe(true)
      expect(holds([...path, { policies: all }], wanting(gold))).toBe(false)
    })
    expect(spent).toBeLessThan(2000)
  })
})
