import { describe, expect, test, vi } from 'vitest'
import type { Verification } from '../../../../../src/contract/inspect/certificate-facts.ts'
import type { Diagnosed } from '../../../../../src/contract/inspect/diagnosis.ts'
import { EdgekeepError } from '../../../../../src/contract/errors/registry.ts'
import type { InspectCalls } from '../../../../../src/renderer/features/inspector/inspection-session.ts'
import { createInspector } from '../../../../../src/renderer/features/inspector/inspector.ts'
import {
  certificateFacts,
  certificatePiece,
  keyPiece,
  report,
} from '../../../../support/engine/intake-facts.ts'

const found = report({
  pieces: [certificatePiece('p1', certificateFacts('shop.test')), keyPiece('p2', '5bshop.test')],
  bundles: [{ leaf: 'p1', chain: [], key: 'p2' }],
})
const yes = { ok: true, code: 'ok', reason: 'Yes.' }
const verification: Verification = {
  ok: true,
  answers: { validity: yes, authority: yes, signature: yes, name: null },
  path: [],
  candidates: [],
  trustedBy: 'public roots',
}

const diagnosed: Diagnosed = {
  diagnosis: { situation: 'good', severity: 'good', sentence: 'It is good.', nextStep: '', pieces: [] },
  others: [],
  verification,
}

function calls(overrides: Partial<Record<keyof InspectCalls, unknown>> = {}) {
  let sessions = 0
  const fakes = {
    open: vi.fn(async () => ({ sessionId: `s${(sessions += 1)}`, report: found })),
    add: vi.fn(async ({ sessionId }: { sessionId: string }) => ({ sessionId, report: found })),
    unlock: vi.fn(async ({ sessionId }: { sessionId: string }) => ({ sessionId, report: found })),
    close: vi.fn(async () => ({})),
    diagnose: vi.fn(async () => diagnosed),
    lint: vi.fn(async () => ({ ok: true, counts: { error: 0, warning: 0, notice: 0 }, certificates: [] })),
    timeline: vi.fn(async () => null),
    compare: vi.fn(async () => null),
    ...overrides,
  }
  return fakes as typeof fakes & InspectCalls
}

const certificate = new File(['-----BEGIN CERTIFICATE-----'], 'all.pem')
const key = new File(['-----BEGIN PRIVATE KEY-----\nc2VjcmV0'], 'shop.key')

describe('the inspector', () => {
  test('reads new files together with earlier ones, the same file once', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([certificate])
    await inspector.give([key, certificate])
    expect(engine.open).toHaveBeenCalledExactlyOnceWith({ files: [certificate] })
    expect(engine.add).toHaveBeenCalledExactlyOnceWith({ sessionId: 's1', files: [key] })
    expect(inspector.files()).toEqual([certificate, key])
    expect(inspector.store.getState()).toMatchObject({ report: found, busy: null })
  })

  test('shows the diagnosis at once, without a name and for now, and lints', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([certificate])
    expect(engine.diagnose).toHaveBeenCalledExactlyOnceWith({ sessionId: 's1' })
    expect(engine.lint).toHaveBeenCalledExactlyOnceWith({ sessionId: 's1' })
    expect(inspector.store.getState().diagnosis.result).toBe(diagnosed)
  })

  test('keeps no file and no passphrase in its state', async () => {
    const seen: unknown[] = []
    const inspector = createInspector(calls())
    inspector.store.subscribe((state) => seen.push(structuredClone({ ...state, problem: null })))
    await inspector.give([certificate, key])
    await inspector.unlock('open sesame')
    expect(seen.length).toBeGreaterThan(3)
    expect(JSON.stringify(seen)).not.toMatch(/open sesame|BEGIN PRIVATE KEY|c2VjcmV0/)
  })

  test('gives the passphrase to the engine once, and keeps what it opened', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([key])
    await inspector.unlock('open sesame')
    await inspector.give([certificate])
    await inspector.ask({ host: 'shop.test' })
    const given = { sessionId: 's1', passphrase: 'open sesame' }
    expect(engine.unlock).toHaveBeenCalledExactlyOnceWith(given, { signal: expect.any(AbortSignal) })
    expect(engine.open).toHaveBeenCalledTimes(1)
    expect(engine.diagnose).toHaveBeenLastCalledWith({ sessionId: 's1', host: 'shop.test' })
  })

  test('opens its files again where the engine has ended the session, and asks again', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([certificate])
    const expired = new EdgekeepError('staging.expired', {})
    vi.mocked(engine.diagnose).mockRejectedValueOnce(expired)
    await inspector.ask({ host: 'shop.test' })
    expect(engine.open).toHaveBeenLastCalledWith({ files: [certificate] })
    expect(engine.diagnose).toHaveBeenLastCalledWith({ sessionId: 's2', host: 'shop.test' })
    expect(inspector.store.getState().diagnosis).toMatchObject({ result: diagnosed, problem: null })
    vi.mocked(engine.add).mockRejectedValueOnce(expired)
    await inspector.give([key])
    expect(engine.add).toHaveBeenLastCalledWith({ sessionId: 's3', files: [key] })
  })

  test('ends its sessions on clear', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([certificate])
    await inspector.trust([key])
    inspector.clear()
    await vi.waitFor(() =>
      expect(vi.mocked(engine.close).mock.calls).toEqual([[{ sessionId: 's1' }], [{ sessionId: 's2' }]]),
    )
  })

  test('shows its earlier state when an opening is cancelled', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([key])
    vi.mocked(engine.unlock as InspectCalls['unlock']).mockImplementationOnce((_input, options) => {
      const { promise, reject } = Promise.withResolvers<never>()
      options?.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error))
      return promise
    })
    const before = inspector.store.getState().report
    const opening = inspector.unlock('open sesame')
    expect(inspector.store.getState().busy).toBe('unlocking')
    inspector.cancelUnlock()
    await opening
    expect(inspector.store.getState()).toMatchObject({
      busy: null,
      problem: null,
      unlockProblem: null,
      report: before,
    })
  })

  test('trusts only the roots that were given, until they are taken away', async () => {
    const root = new File(['root'], 'root.pem')
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([certificate])
    await inspector.trust([root])
    expect(engine.open).toHaveBeenLastCalledWith({ files: [root] })
    expect(engine.diagnose).toHaveBeenLastCalledWith({ sessionId: 's1', anchors: 's2' })
    expect(inspector.store.getState().anchors).toEqual(['root.pem'])
    await inspector.trust([])
    expect(engine.diagnose).toHaveBeenLastCalledWith({ sessionId: 's1' })
  })

  test('compares the selection with another piece, or with another file', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([certificate])
    await inspector.compareWith({ pieceId: 'p1' })
    expect(engine.compare).toHaveBeenLastCalledWith({
      before: { sessionId: 's1' },
      after: { sessionId: 's1', leafSha256: 'f1shop.test' },
    })
    await inspector.compareWith({ files: [key] })
    expect(engine.open).toHaveBeenLastCalledWith({ files: [key] })
    expect(engine.compare).toHaveBeenLastCalledWith({
      before: { sessionId: 's1' },
      after: { sessionId: 's2' },
    })
    expect(engine.close).toHaveBeenLastCalledWith({ sessionId: 's2' })
  })

  test('compares the files of both sides, until other files are given', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([certificate])
    const older = new File(['older'], 'older.pem')
    await inspector.compareWith({ files: [key] })
    await inspector.compareWith({ files: [older] }, 'before')
    const opened = vi.mocked(engine.open).mock.calls as unknown[][]
    expect(opened.slice(-2)).toEqual([[{ files: [older] }], [{ files: [key] }]])
    expect(engine.compare).toHaveBeenLastCalledWith({
      before: { sessionId: 's3' },
      after: { sessionId: 's4' },
    })
    await inspector.give([key])
    await inspector.compareWith({ files: [key] })
    expect(engine.compare).toHaveBeenLastCalledWith({
      before: { sessionId: 's1' },
      after: { sessionId: 's5' },
    })
  })

  test('says that a passphrase is wrong, whether the engine reports it or refuses', async () => {
    const wrong = { code: 'key.wrong_passphrase', message: 'The passphrase does not open shop.key.' }
    const reported = { sessionId: 's1', report: report({ problems: [wrong] }) }
    const reporting = createInspector(calls({ unlock: vi.fn(async () => reported) }))
    await reporting.give([key])
    await reporting.unlock('guess')
    expect(reporting.store.getState().unlockProblem).toBe(wrong.message)

    const error = new EdgekeepError('key.wrong_passphrase', { place: { file: 'shop.key' } })
    const refusing = createInspector(calls({ unlock: vi.fn().mockRejectedValue(error) }))
    await refusing.give([key])
    await refusing.unlock('guess')
    expect(refusing.store.getState()).toMatchObject({ unlockProblem: error.message, problem: null })
  })

  test('asks about the certificate that is chosen', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([key, certificate])
    inspector.select('p1')
    await inspector.ask({ host: 'shop.test', at: '2027-01-01T00:00:00.000Z', purpose: 'client' })
    expect(engine.diagnose).toHaveBeenLastCalledWith({
      sessionId: 's1',
      leafSha256: 'f1shop.test',
      host: 'shop.test',
      at: '2027-01-01T00:00:00.000Z',
      purpose: 'client',
    })
  })

  test('asks by the rules that are wanted, and stays by them for the next certificate', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([certificate])
    const policies = { acceptable: ['2.23.140.1.2.1'], requireExplicit: true }
    await inspector.ask({ profile: 'web', policies })
    expect(engine.diagnose).toHaveBeenLastCalledWith({ sessionId: 's1', profile: 'web', policies })
    await inspector.ask({ host: 'shop.test' })
    expect(engine.diagnose).toHaveBeenLastCalledWith({
      sessionId: 's1',
      host: 'shop.test',
      profile: 'web',
      policies,
    })
    await inspector.ask({ host: null, profile: 'rfc5280', policies: {} })
    expect(engine.diagnose).toHaveBeenLastCalledWith({ sessionId: 's1' })
  })

  test('keeps its results when a later reading is refused', async () => {
    const add = vi.fn().mockRejectedValueOnce(new EdgekeepError('engine.failed', {}))
    const inspector = createInspector(calls({ add }))
    await inspector.give([certificate])
    await inspector.give([key])
    expect(inspector.store.getState()).toMatchObject({ report: found, problem: { code: 'engine.failed' } })
  })

  test('forgets everything on clear, an answer on its way too', async () => {
    const { promise, resolve } = Promise.withResolvers<object>()
    const engine = calls({ open: vi.fn(() => promise) })
    const inspector = createInspector(engine)
    const given = inspector.give([certificate])
    inspector.clear()
    resolve({ sessionId: 's1', report: found })
    await given
    await vi.waitFor(() => expect(engine.close).toHaveBeenCalledWith({ sessionId: 's1' }))
    expect(inspector.store.getState()).toBe(inspector.store.getInitialState())
  })
})
