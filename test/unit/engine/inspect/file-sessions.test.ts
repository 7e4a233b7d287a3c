import { describe, expect, test, vi } from 'vitest'
import { createFileSessions, type FileSession } from '../../../../src/engine/inspect/file-sessions.ts'
import type { Intake } from '../../../../src/pki/intake/intake.ts'

const fakeSession = (use: FileSession['use'] = 'inspection') => {
  const destroy = vi.fn()
  return { intake: { [Symbol.dispose]: destroy } as unknown as Intake, use, destroy }
}
const expired = expect.objectContaining({ code: 'staging.expired' })

describe('file sessions', () => {
  test('end 15 minutes after their last use, by a clock that counts sleep, and are zeroed', () => {
    let now = 0
    const sessions = createFileSessions(() => now)
    const session = fakeSession()
    const id = sessions.open(Symbol('window'), session)
    now = 14 * 60_000
    expect(sessions.get(id, 'inspection').intake).toBe(session.intake)
    now += 14 * 60_000
    expect(sessions.get(id, 'inspection').intake).toBe(session.intake)
    now += 15 * 60_000
    expect(() => sessions.get(id, 'inspection')).toThrow(expired)
    expect(session.destroy).toHaveBeenCalledOnce()
  })

  test('are zeroed in time without any call', () => {
    vi.useFakeTimers()
    const session = fakeSession()
    let now = 0
    createFileSessions(() => now).open(Symbol('window'), session)
    now = 15 * 60_000
    vi.advanceTimersByTime(5_000)
    expect(session.destroy).toHaveBeenCalledOnce()
    vi.useRealTimers()
  })

  test('end with their connection, and no other does', () => {
    const sessions = createFileSessions()
    const [window, command] = [Symbol('window'), Symbol('command line')]
    const [mine, theirs] = [fakeSession(), fakeSession()]
    const [id, other] = [sessions.open(window, mine), sessions.open(command, theirs)]
    sessions.endOf(window)
    expect(() => sessions.get(id, 'inspection')).toThrow(expired)
    expect(mine.destroy).toHaveBeenCalledOnce()
    expect(sessions.get(other, 'inspection').intake).toBe(theirs.intake)
    sessions.wipe()
    expect(theirs.destroy).toHaveBeenCalledOnce()
  })

  test('do not answer for another use: an import is no inspection', () => {
    const sessions = createFileSessions()
    const id = sessions.open(Symbol('window'), fakeSession('inspection'))
    expect(() => sessions.get(id, 'import')).toThrow(expired)
    expect(sessions.get(id, 'inspection').use).toBe('inspection')
  })

  test('are not opened for a connection that has closed while its files were read', () => {
    const sessions = createFileSessions()
    const owner = Symbol('window')
    sessions.endOf(owner)
    const late = fakeSession()
    expect(() => sessions.open(owner, late)).toThrow(expired)
    expect(late.destroy).toHaveBeenCalledOnce()
  })

  test('are bounded for each connection, and the oldest ends', () => {
    const sessions = createFileSessions()
    const window = Symbol('window')
    const given = Array.from({ length: 9 }, () => fakeSession())
    given.forEach((session) => sessions.open(window, session))
    expect(given.map(({ destroy }) => destroy.mock.calls.length)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  test('are bounded in all, at the cost of the connection with the most', () => {
    const sessions = createFileSessions()
    const few = fakeSession()
    sessions.open(Symbol('window'), few)
    const many = [1, 2, 3].flatMap((at) => {
      const owner = Symbol(`command ${at}`)
      return Array.from({ length: 8 }, () => {
        const session = fakeSession()
        sessions.open(owner, session)
        return session
      })
    })
    expect(few.destroy).not.toHaveBeenCalled()
    expect(many.filter(({ destroy }) => destroy.mock.calls.length > 0)).toHaveLength(5)
  })
})
