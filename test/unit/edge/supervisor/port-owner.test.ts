import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { nextFreePort, portOwner } from '../../../../src/edge/supervisor/port-owner.ts'

describe('the owner of a port', () => {
  test('is this process for a port it has, and the next free port is another one', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    if (process.platform === 'linux') expect(await portOwner(port)).toContain(`(process ${process.pid})`)
    const free = await nextFreePort(port - 1, ['127.0.0.1'], [port + 1])
    expect(free).toBeGreaterThan(port + 1)
    server.close()
  })
})
