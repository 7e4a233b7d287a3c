import { describe, expect, test, vi } from 'vitest'
import type { Verification } from '../../../../../src/contract/inspect/certificate-facts.ts'
import type { Diagnosed } from '../../../../../src/contract/inspect/diagnosis.ts'
import { EdgekeepError } from '../../../../../src/contract/errors/registry.ts'
import type { InspectCalls } from '../../../../../src/renderer/features/inspector/calls.ts'
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
  const fakes = {
    read: vi.fn(async () => found),
    diagnose: vi.fn(async () => diagnosed),
    verify: vi.fn(async () => ({ ...verification, ok: false })),
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
    expect(engine.read).toHaveBeenLastCalledWith({ files: [certificate, key] })
    expect(inspector.store.getState()).toMatchObject({ report: found, busy: null })
  })

  test('shows the diagnosis at once, without a name and for now, and lints', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([certificate])
    expect(engine.diagnose).toHaveBeenCalledExactlyOnceWith({ files: [certificate] })
    expect(engine.lint).toHaveBeenCalledExactlyOnceWith({ files: [certificate] })
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

  test('gives the passphrase to one reading only', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([key])
    await inspector.unlock('open sesame')
    await inspector.give([certificate])
    const cancelled = { signal: expect.any(AbortSignal) as AbortSignal }
    expect(engine.read).toHaveBeenNthCalledWith(2, { files: [key], passphrase: 'open sesame' }, cancelled)
    expect(engine.read).toHaveBeenNthCalledWith(3, { files: [key, certificate] })
  })

  test('shows its earlier state when an opening is cancelled', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([key])
    vi.mocked(engine.read).mockImplementationOnce((_input, options) => {
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

  test('judges with the passphrase it was given, and asks no more for it where the chain is known then', async () => {
    const lines = ['-----BEGIN CERTIFICATE-----', 'AAAA', '-----END CERTIFICATE-----']
    const clean = { lines: lines.map((text) => ({ change: 'added' as const, text })), omitted: 0 }
    const engine = calls({ read: vi.fn(async () => ({ ...found, clean })) })
    const inspector = createInspector(engine)
    await inspector.give([key])
    await inspector.unlock('open sesame')
    expect(engine.diagnose).toHaveBeenLastCalledWith({ files: [key], passphrase: 'open sesame' })
    await inspector.ask({ host: 'shop.test', at: null, purpose: 'server' })
    expect(engine.diagnose).toHaveBeenCalledTimes(2)
    const [asked] = vi.mocked(engine.verify).mock.lastCall as unknown as [{ files: File[]; host: string }]
    expect(asked.host).toBe('shop.test')
    expect(await asked.files[1]?.text()).toBe(`${lines.join('\n')}\n`)
    const { result } = inspector.store.getState().diagnosis
    expect(result).toMatchObject({ diagnosis: diagnosed.diagnosis, verification: { ok: false } })
  })

  test('trusts only the roots that were given, until they are taken away', async () => {
    const root = new File(['root'], 'root.pem')
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([certificate])
    await inspector.trust([root])
    expect(engine.diagnose).toHaveBeenLastCalledWith({ files: [certificate], anchors: [root] })
    expect(inspector.store.getState().anchors).toEqual(['root.pem'])
    await inspector.trust([])
    expect(engine.diagnose).toHaveBeenLastCalledWith({ files: [certificate] })
  })

  test('compares the selection with another piece, or with another file', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([certificate])
    await inspector.compareWith({ pieceId: 'p1' })
    expect(engine.compare).toHaveBeenLastCalledWith({
      before: { files: [certificate] },
      after: { files: [certificate], leafSha256: 'f1shop.test' },
    })
    await inspector.compareWith({ files: [key] })
    expect(engine.compare).toHaveBeenLastCalledWith({
      before: { files: [certificate] },
      after: { files: [key] },
    })
  })

  test('compares the files of both sides, until other files are given', async () => {
    const engine = calls()
    const inspector = createInspector(engine)
    await inspector.give([certificate])
    const older = new File(['older'], 'older.pem')
    await inspector.compareWith({ files: [key] })
    await inspector.compareWith({ files: [older] }, 'before')
    expect(engine.compare).toHaveBeenLastCalledWith({ before: { files: [older] }, after: { files: [key] } })
    await inspector.give([key])
    await inspector.compareWith({ files: [key] })
    expect(engine.compare).toHaveBeenLastCalledWith({
      before: { files: [certificate, key] },
      after: { files: [key] },
    })
  })

  test('says that a passphrase is wrong, whether the engine reports it or refuses', async () => {
    const wrong = { code: 'key.wrong_passphrase', message: 'The passphrase does not open shop.key.' }
    const reporting = createInspector(calls({ read: vi.fn(async () => report({ problems: [wrong] })) }))
    await reporting.unlock('guess')
    expect(reporting.store.getState().unlockProblem).toBe(wrong.message)

    const error = new EdgekeepError('key.wrong_passphrase', { place: { file: 'shop.key' } })
    const refusing = createInspector(calls({ read: vi.fn().mockRejectedValue(error) }))
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
      files: [key, certificate],
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
    expect(engine.diagnose).toHaveBeenLastCalledWith({ files: [certificate], profile: 'web', policies })
    await inspector.ask({ host: 'shop.test' })
    expect(engine.diagnose).toHaveBeenLastCalledWith({
      files: [certificate],
      host: 'shop.test',
      profile: 'web',
      policies,
    })
    await inspector.ask({ host: null, profile: 'rfc5280', policies: {} })
    expect(engine.diagnose).toHaveBeenLastCalledWith({ files: [certificate] })
  })

  test('keeps its results when a later reading is refused', async () => {
    const read = vi
      .fn()
      .mockResolvedValueOnce(found)
      .mockRejectedValueOnce(new EdgekeepError('engine.failed', {}))
    const inspector = createInspector(calls({ read }))
    await inspector.give([certificate])
    await inspector.give([key])
    expect(inspector.store.getState()).toMatchObject({ report: found, problem: { code: 'engine.failed' } })
  })

  test('forgets everything on clear, an answer on its way too', async () => {
    let answer: (value: typeof found) => void = () => {}
    const read = vi.fn(() => new Promise<typeof found>((resolve) => (answer = resolve)))
    const inspector = createInspector(calls({ read }))
    const given = inspector.give([certificate])
    inspector.clear()
    answer(found)
    await given
    expect(inspector.store.getState()).toBe(inspector.store.getInitialState())
  })
})
