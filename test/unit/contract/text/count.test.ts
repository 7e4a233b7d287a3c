import { expect, test } from 'vitest'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'
import { count, formatNumber } from '../../../../src/contract/text/count.ts'

test('one second is not called "1 seconds"', () => {
  const waited = (seconds: number) =>
    new EdgekeepError('acme.dns_not_propagated', {
      name: '_acme-challenge.a.example',
      value: 'x',
      seconds,
      servers: [],
    })
  expect(waited(1).message).toMatch(/^After 1 second not every/)
  expect(waited(2).message).toMatch(/^After 2 seconds not every/)
})

test('thousands of a count are separated, as the language has it', () => {
  expect([count(1, 'domain'), count(999, 'domain'), count(10_000, 'domain')]).toEqual([
    '1 domain',
    '999 domains',
    '10,000 domains',
  ])
  expect([formatNumber(1_234_567, 'en'), formatNumber(1_234_567, 'de')]).toEqual(['1,234,567', '1.234.567'])
  expect(new EdgekeepError('bulk.not_all', { failed: 1200, rows: 10_000, unknown: 0 }).message).toContain(
    '1,200 of 10,000 were not done',
  )
})
