import { expect, test } from 'vitest'
import { labelOrigin } from '../../../../../src/cli/commands/container/label-origins.ts'

const container = (labels: [string, string][], address: string | null = '10.88.0.4') => ({
  id: 'a',
  name: 'web',
  image: '',
  isRunning: true,
  ports: [],
  labels: new Map(labels),
  address,
  gateway: null,
})
const labelled = (name: string, port: string) =>
  labelOrigin(
    container([
      ['edgekeep.name', name],
      ['edgekeep.port', port],
    ]),
  )

test('a name without a dot is below .localhost, and leads to the network address', () => {
  expect(labelled('Shop', '3000')).toMatchObject({
    name: 'shop.localhost',
    origin: { protocol: 'http', host: '10.88.0.4', httpPort: 3000 },
  })
  expect(labelled('api.shop.test', '80').name).toBe('api.shop.test')
})

test.for([
  ['a bank', 'bank.com', '80'],
  ['a suffix that only looks local', 'shop.localhost.evil.com', '80'],
  ['a wildcard', '*.localhost', '80'],
  ['a path', 'shop/../x', '80'],
  ['control characters', 'shop\u001b[2J', '80'],
  ['no name', '', '80'],
  ['no port', 'shop', ''],
  ['a port too high', 'shop', '65536'],
  ['a host instead of a port', 'shop', '80@evil.com'],
] as const)('a label with %s is refused', ([, name, port]) => {
  expect(labelled(name, port).problem).toBeDefined()
})

test('a container in the network of this computer is refused: its port could be any program’s', () => {
  const labels: [string, string][] = [
    ['edgekeep.name', 'shop'],
    ['edgekeep.port', '80'],
  ]
  expect(labelOrigin(container(labels, null)).problem).toBe('it has no network of its own')
})
