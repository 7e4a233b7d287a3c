import { describe, expect, test, vi } from 'vitest'
import { EdgekeepError } from '../../../../../src/contract/errors/registry.ts'
import type { Staged } from '../../../../../src/contract/certificates/staging.ts'
import {
  createStagingSession,
  type StagingCalls,
} from '../../../../../src/renderer/ui/staging/staging-session.ts'
import { inputLimitBytes } from '../../../../../src/contract/shared/input-limit.ts'
import { waits } from '../../../../support/waits.ts'

function staged(stagingId: string): Staged {
  return {
    stagingId,
    report: {
      pieces: [],
      problems: [],
      fixes: [],
      bundles: [],
      orphans: [],
      keyMatch: null,
      servable: null,
      clean: null,
      notServable: null,
    },
    verification: null,
    impact: null,
    chainGap: null,
    duplicateOf: null,
  }
}

function calls(overrides: Partial<Record<keyof StagingCalls, unknown>> = {}) {
  const fakes = {
    open: vi.fn(async () => staged('s1')),
    add: vi.fn(async () => staged('s1')),
    unlock: vi.fn(async () => staged('s1')),
    remove: vi.fn(async () => staged('s1')),
    discard: vi.fn(async () => ({})),
    ...overrides,
  }
  return fakes as typeof fakes & StagingCalls
}

const certificate = new File(['-----BEGIN CERTIFICATE-----'], 'shop.pem')
const key = new File(['-----BEGIN PRIVATE KEY-----\nc2VjcmV0'], 'shop.key')

describe('a staging session', () => {
  test('opens the staging with the first files and adds the next to it', async () => {
    const engine = calls()
    const session = createStagingSession(engine, 'shop.test')
    await Promise.all([session.give([certificate]), session.give([key])])
    expect(engine.open).toHaveBeenCalledExactlyOnceWith({ files: [certificate], domain: 'shop.test' })
    expect(engine.add).toHaveBeenCalledExactlyOnceWith({ stagingId: 's1', files: [key] })
    expect(session.store.getState()).toMatchObject({ staged: { stagingId: 's1' }, busy: null, problem: null })
  })

  test('takes one file away, and starts over with the last of them', async () => {
    const engine = calls()
    const session = createStagingSession(engine)
    await session.give([certificate])
    await session.remove('shop.pem')
    expect(engine.remove).toHaveBeenCalledExactlyOnceWith({ stagingId: 's1', file: 'shop.pem' })
    expect(engine.discard).toHaveBeenCalledExactlyOnceWith({ stagingId: 's1' })
    expect(session.store.getState().staged).toBeNull()
  })

  test('keeps no file and no passphrase in its state', async () => {
    const seen: unknown[] = []
    const session = createStagingSession(calls())
    session.store.subscribe((state) => seen.push(structuredClone({ ...state, problem: null })))
    await session.give([certificate, key])
    await session.unlock('p2', 'open sesame')
    expect(seen.length).toBeGreaterThan(2)
    expect(JSON.stringify(seen)).not.toMatch(/open sesame|PRIVATE KEY|c2VjcmV0/)
  })

  test('marks the piece whose passphrase is wrong, and keeps the staging', async () => {
    const wrong = new EdgekeepError('key.wrong_passphrase', { place: { file: 'shop.key' } })
    const session = createStagingSession(calls({ unlock: vi.fn().mockRejectedValue(wrong) }))
    await session.give([key])
    await session.unlock('p1', 'guess')
    expect(session.store.getState()).toMatchObject({
      staged: { stagingId: 's1' },
      unlockProblem: { pieceId: 'p1', error: wrong },
      problem: null,
      busy: null,
    })
  })

  test('starts over when the engine no longer holds the files', async () => {
    const expired = new EdgekeepError('staging.expired', {})
    const engine = calls({ add: vi.fn().mockRejectedValue(expired) })
    const session = createStagingSession(engine)
    await session.give([certificate])
    await session.give([key])
    expect(session.store.getState()).toMatchObject({ staged: null, problem: expired })
    await session.give([certificate])
    expect(engine.open).toHaveBeenCalledTimes(2)
  })

  test('drops a staging whose answer comes after the session was discarded', async () => {
    let answer: (value: Staged) => void = () => {}
    const engine = calls({ open: vi.fn(() => new Promise<Staged>((resolve) => (answer = resolve))) })
    const session = createStagingSession(engine)
    const given = session.give([certificate])
    await vi.waitFor(() => expect(engine.open).toHaveBeenCalled(), waits)
    await session.discard()
    answer(staged('late'))
    await given
    expect(engine.discard).toHaveBeenCalledExactlyOnceWith({ stagingId: 'late' })
    expect(session.store.getState().staged).toBeNull()
  })

  test('does not discard an imported staging at the engine', async () => {
    const engine = calls()
    const session = createStagingSession(engine)
    await session.give([certificate])
    session.release()
    expect(engine.discard).not.toHaveBeenCalled()
    expect(session.store.getState().staged).toBeNull()
  })

  test('refuses a file too large to be a certificate before sending it', async () => {
    const engine = calls()
    const session = createStagingSession(engine)
    const film = new File([new Uint8Array(inputLimitBytes + 1)], 'film.mkv')
    await session.give([film])
    expect(engine.open).not.toHaveBeenCalled()
    expect(session.store.getState().problem?.message).toContain('film.mkv')
  })
})
