import { expect, test } from 'vitest'
import { domainStanding, greenness, joinNames, nameNotFound } from '../../../src/domain/green-browsers.ts'
import type { ClientTrust } from '../../../src/contract/trust/trust.ts'

const browser = (name: string, trust: ClientTrust) => ({ kind: 'browser' as const, name, trust })
const tool = (name: string, trust: ClientTrust) => ({ kind: 'tool' as const, name, trust })

test('a domain is green in the browsers that loaded it, whatever other clients do', () => {
  const clients = [
    browser('Chromium', 'proven'),
    browser('Firefox, profile a', 'proven'),
    tool('curl', 'refused'),
  ]
  expect(greenness(clients)).toEqual({ state: 'green', names: ['Chromium', 'Firefox'] })
})

test('one browser that refuses it makes it not green', () => {
  const clients = [browser('Chromium', 'proven'), browser('Firefox, profile a', 'refused')]
  expect(greenness(clients)).toEqual({ state: 'refused', names: ['Firefox'] })
})

test('a browser that only does not find the name does not refuse it', () => {
  const lost = { ...browser('Chromium', 'refused'), proof: { sentence: nameNotFound } }
  expect(greenness([lost, browser('Firefox', 'proven')])).toEqual({ state: 'not-found', names: ['Chromium'] })
  expect(greenness([lost, browser('Firefox', 'refused')])).toEqual({ state: 'refused', names: ['Firefox'] })
})

test('nothing is known where no client was run, or something has changed since', () => {
  expect(greenness([])).toEqual({ state: 'unknown', names: [] })
  expect(greenness([browser('Chromium', 'trusted')])).toEqual({ state: 'unknown', names: [] })
  expect(greenness([browser('Chromium', 'missing'), tool('curl', 'proven')]).state).toBe('unknown')
})

test('other clients count on a computer without browsers', () => {
  expect(greenness([tool('curl', 'proven')])).toEqual({ state: 'green', names: ['curl'] })
  expect(greenness([tool('curl', 'variables')]).state).toBe('unknown')
})

test('a fault that the edge sees comes before what browsers made of the domain, and that before its own verification', () => {
  const green = { state: 'green' as const, names: ['Chromium'] }
  const unknown = { state: 'unknown' as const, names: [] }
  for (const fault of ['failed', 'down', 'unknown'] as const) expect(domainStanding(fault, green)).toBe(fault)
  for (const other of ['never', 'changed', 'works'] as const) {
    expect(domainStanding(other, green)).toBe('green')
    expect(domainStanding(other, unknown)).toBe(other)
  }
  expect(domainStanding('works', { state: 'refused', names: ['Firefox'] })).toBe('refused')
})

test('names are listed as in a sentence', () => {
  expect(joinNames([])).toBe('')
  expect(joinNames(['curl'])).toBe('curl')
  expect(joinNames(['Chromium', 'curl', 'Firefox'])).toBe('Chromium, curl and Firefox')
})
