import { expect, test } from 'vitest'
import { createSessions } from '../../../src/web/sessions.ts'

test('gives a session for a token once', () => {
  const sessions = createSessions()
  const token = sessions.issueToken()
  const session = sessions.redeem(token)
  expect(session).not.toBeNull()
  expect(sessions.has(session!)).toBe(true)
  expect(sessions.redeem(token)).toBeNull()
})

test('gives none for a token that is ten minutes old', () => {
  let now = 0
  const sessions = createSessions(() => now)
  const [early, late] = [sessions.issueToken(), sessions.issueToken()]
  now = 10 * 60_000
  expect(sessions.redeem(early)).not.toBeNull()
  now += 1
  expect(sessions.redeem(late)).toBeNull()
})

test('never takes a token for a session or a session for a token', () => {
  const sessions = createSessions()
  const token = sessions.issueToken()
  expect(sessions.has({ place: '', secret: token })).toBe(false)
  const session = sessions.redeem(token)!
  expect(sessions.redeem(session.secret)).toBeNull()
})

test('knows no session that it did not give, nor an empty one', () => {
  const sessions = createSessions()
  expect(sessions.has({ place: '', secret: '' })).toBe(false)
  expect(sessions.has({ place: 'x'.repeat(22), secret: 'x'.repeat(43) })).toBe(false)
  expect(sessions.redeem('')).toBeNull()
})

test('knows a session at its own place alone', () => {
  const sessions = createSessions()
  const [one, other] = [sessions.redeem(sessions.issueToken())!, sessions.redeem(sessions.issueToken())!]
  expect(sessions.has({ ...one, place: other.place })).toBe(false)
  expect(sessions.has({ ...one, place: one.place.toUpperCase() })).toBe(false)
  expect(Buffer.from(one.place, 'base64url')).toHaveLength(16)
})

test('makes tokens and sessions of 256 bits that do not repeat', () => {
  const sessions = createSessions()
  const tokens = Array.from({ length: 32 }, () => sessions.issueToken())
  const secrets = [...tokens, ...tokens.map((token) => sessions.redeem(token)!.secret)]
  expect(new Set(secrets).size).toBe(64)
  for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
})

test('forgets the oldest rather than hold ever more', () => {
  const sessions = createSessions()
  const first = sessions.redeem(sessions.issueToken())!
  const spare = sessions.issueToken()
  for (let count = 0; count < 32; count++) sessions.redeem(sessions.issueToken())
  expect(sessions.has(first)).toBe(false)
  for (let count = 0; count < 32; count++) sessions.issueToken()
  expect(sessions.redeem(spare)).toBeNull()
})
