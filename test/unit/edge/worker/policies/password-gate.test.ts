import { scryptSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { passwordGate, PasswordChecks } from '../../../../../src/edge/worker/policies/password-gate.ts'
import type { Asker } from '../../../../../src/edge/worker/policies/password-queue.ts'

/** Hash in the format of `hashPassword`, at a negligible cost. */
function cheapHash(password: string): string {
  const salt = Buffer.alloc(16, 1)
  const hash = scryptSync(password, salt, 32, { N: 2, r: 1, p: 1 })
  return `scrypt:1:1:1:${salt.toString('base64')}:${hash.toString('base64')}`
}

const asker: Asker = { domain: 'shop.test', claimant: { remoteAddress: '192.0.2.1' }, isGone: false }
const words = 'pässword: with a colon'
const users = [
  { name: 'anna', passwordHash: cheapHash(words) },
  { name: 'anna\u0308', passwordHash: cheapHash('composed') },
  { name: '', passwordHash: cheapHash('nameless') },
  { name: 'ann', passwordHash: cheapHash('anna') },
]
const gate = passwordGate({ users, realm: 'The shop', forwardAuthorization: false, allow: null })!
const encoded = (text: string, form: 'base64' | 'base64url' = 'base64') => Buffer.from(text).toString(form)
const check = async (...fields: string[]) => gate.check(fields, new PasswordChecks(), asker)

describe('access to a domain', () => {
  test('is open if no users are named', () => {
    expect(passwordGate({ users: null, realm: '', forwardAuthorization: true, allow: null })).toBeNull()
  })

  test('is asked for in its realm', () => {
    expect(gate.challenge).toBe('Basic realm="The shop", charset="UTF-8"')
  })

  test.each([
    ['Basic', 'anna', words],
    ['basic', 'anna', words],
    ['BASIC   ', 'anna', words],
    ['Basic', 'annä', 'composed'],
    ['Basic', 'anna', 'pa\u0308ssword: with a colon'],
    ['Basic', '', 'nameless'],
  ])('is granted with the password: %s %s', async (scheme, user, password) => {
    expect(await check(`${scheme} ${encoded(`${user}:${password}`)}`)).toBe('in')
    expect(await check(`${scheme} ${encoded(`${user}:${password}`, 'base64url')}  `)).toBe('in')
  })

  test.each([
    [[]],
    [['']],
    [['Basic']],
    [[`Basic ${encoded('anna')}`]],
    [[`Basic ${encoded(`anna:${words} `)}`]],
    [[`Basic ${encoded(`Anna:${words}`)}`]],
    [[`Basic ${encoded(`:${words}`)}`]],
    [[`Basic ${encoded('otto:')}`]],
    [[`Basic${encoded(`anna:${words}`)}`]],
    [[`Basic ${encoded(`anna:${words}`)} x`]],
    [[`Bearer ${encoded(`anna:${words}`)}`]],
    [[`Basic ${encoded(`anna:${words}`)}`, `Basic ${encoded(`anna:${words}`)}`]],
  ])('is refused to all others: %j', async (fields) => {
    expect(await check(...fields)).toBe('out')
  })

  test('may be proven by 2,048 letters and no more', async () => {
    const long = (letters: number) => 'x'.repeat((letters / 4) * 3 - 'anna:'.length)
    for (const [letters, admission] of [
      [2_048, 'in'],
      [2_052, 'out'],
    ] as const) {
      const password = long(letters)
      const only = [{ name: 'anna', passwordHash: cheapHash(password) }]
      const own = passwordGate({ users: only, realm: '', forwardAuthorization: false, allow: null })!
      const field = encoded(`anna:${password}`)
      expect(field).toHaveLength(letters)
      expect(await own.check([`Basic ${field}`], new PasswordChecks(), asker)).toBe(admission)
    }
  })
})

describe('the verdict on a password', () => {
  const hash = cheapHash('right')

  test('is remembered for its user and its hash, right or wrong', async () => {
    const checks = new PasswordChecks()
    const found = (password: string, user = 'anna', of = hash) => checks.check(password, user, of, asker)
    expect([await found('right'), await found('wrong')]).toEqual(['in', 'out'])
    expect([found('right'), found('wrong')]).toEqual(['in', 'out'])
    for (const other of [found('right', 'otto'), found('right', 'anna', cheapHash('other'))])
      expect(other).toBeInstanceOf(Promise)
  })

  test('is forgotten after enough others of its kind, the oldest first', async () => {
    const checks = new PasswordChecks(64, 2)
    const found = (password: string) => checks.check(password, 'anna', hash, asker)
    await found('right')
    for (const guess of ['one', 'two', 'three']) await found(guess)
    expect([found('right'), found('two'), found('three')]).toEqual(['in', 'out', 'out'])
    expect(found('one')).toBeInstanceOf(Promise)
  })

  test('is not computed if too many wait', async () => {
    const checks = new PasswordChecks(8)
    const [first, second, third] = ['one', 'two', 'three'].map((guess) =>
      checks.check(guess, 'anna', hash, asker),
    )
    expect(third).toBe('busy')
    expect(await Promise.all([first, second])).toEqual(['out', 'out'])
  })

  test('is missing if the client did not wait, and found at its next request', async () => {
    const checks = new PasswordChecks()
    expect(await checks.check('right', 'anna', hash, { ...asker, isGone: true })).toBe('out')
    expect(await checks.check('right', 'anna', hash, asker)).toBe('in')
  })

  test('is negative if there is no such user or the hash cannot be read', async () => {
    const checks = new PasswordChecks()
    for (const none of [null, 'scrypt:1:1:1:AAAA:', 'not a hash'])
      expect(await checks.check('right', 'anna', none, asker)).toBe('out')
  })
})
