import { describe, expect, test } from 'vitest'
import type { Verification } from '../../../../../src/contract/inspect/certificate-facts.ts'
import type { Staged } from '../../../../../src/contract/certificates/staging.ts'
import { readyToEnable, readyToImport } from '../../../../../src/renderer/ui/staging/readiness.ts'
import type { StagingState } from '../../../../../src/renderer/ui/staging/staging-session.ts'
import { report } from '../../../../support/engine/intake-facts.ts'

const servable = { leaf: 'p1', chain: [], key: 'p2' }
const yes = { ok: true, code: 'ok', reason: 'Yes.' }

function state(rest: Partial<Staged> = {}, busy: StagingState['busy'] = null): StagingState {
  const staged: Staged = {
    stagingId: 's1',
    report: report({ servable, bundles: [servable] }),
    verification: null,
    impact: null,
    chainGap: null,
    duplicateOf: null,
    ...rest,
  }
  return { staged, busy, problem: null, unlockProblem: null }
}

function named(name: Verification['answers']['name']): Verification {
  return {
    ok: false,
    answers: { validity: yes, authority: { ...yes, ok: false }, signature: yes, name },
    path: [],
    candidates: [],
    trustedBy: null,
  }
}

describe('whether staged files can be kept', () => {
  test('is not before anything is given, nor while it is read', () => {
    expect(readyToImport({ ...state(), staged: null })).toEqual({ ready: false, why: 'empty' })
    expect(readyToImport(state({}, 'reading'))).toEqual({ ready: false, why: 'busy' })
  })

  test('is given with a certificate and its key, even of an unknown authority', () => {
    expect(readyToImport(state({ verification: named(null) }))).toEqual({ ready: true })
    expect(readyToEnable(state({ verification: named(yes) }))).toEqual({ ready: true })
  })

  test('gives the engine’s sentence where the files cannot be served', () => {
    const notServable = { code: 'certificate.missing', message: 'There is no certificate.' }
    expect(readyToImport(state({ report: report({ notServable }) }))).toEqual({
      ready: false,
      why: 'not-servable',
      reason: 'There is no certificate.',
    })
  })

  test('does not repeat at the button the files listed as unreadable', () => {
    const refusal = {
      code: 'input.malformed',
      message: 'The Java keystore (JKS) in shop.jks cannot be read.',
    }
    const listed = state({ report: report({ notServable: refusal, problems: [refusal] }) })
    expect(readyToImport(listed)).toEqual({ ready: false, why: 'not-servable' })
  })

  test('says a mismatch in few words', () => {
    const notServable = { code: 'key.mismatch', message: 'The private key does not belong …' }
    expect(readyToImport(state({ report: report({ notServable }) }))).toEqual({
      ready: false,
      why: 'mismatch',
    })
  })

  test('is not for a domain whose name is not covered', () => {
    const no = { ok: false, code: 'name_mismatch', reason: 'It does not cover shop.test.' }
    expect(readyToEnable(state({ verification: named(no) }))).toEqual({
      ready: false,
      why: 'name',
      reason: 'It does not cover shop.test.',
    })
  })

  test('refuses to import a stored certificate', () => {
    expect(readyToImport(state({ duplicateOf: { id: 'c1', name: 'Shop' } }))).toEqual({
      ready: false,
      why: 'duplicate',
    })
  })
})
