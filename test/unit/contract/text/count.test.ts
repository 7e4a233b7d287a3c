import { expect, test } from 'vitest'
import { EdgekeepError } from '../../../../src/contract/errors/registry.ts'

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
