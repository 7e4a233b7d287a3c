import http from 'node:http'
import https from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { followPort, loopbackOf, speaksTls } from '../../../../../src/cli/commands/develop/follow-port.ts'
import { ProcessTree } from '../../../../../src/cli/commands/develop/process-tree.ts'
import { createTestAuthority, issueTestLeaf } from '../../../../support/pki/certificates.ts'

async function listening<S extends Server>(server: S): Promise<number> {
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

test('a server that serves HTTPS itself is told from one that does not', async () => {
  const { chainPem: cert, keyPem: key } = issueTestLeaf(createTestAuthority(), { names: ['localhost'] })
  const address = '127.0.0.1'
  const plain = await listening(http.createServer((_, response) => void response.end()))
  const secure = await listening(https.createServer({ cert, key }))
  expect(await speaksTls({ address, port: plain })).toBe(false)
  expect(await speaksTls({ address, port: secure })).toBe(true)
})

test('among several ports the wanted one counts, else one that answers HTTP and is no debugger', async () => {
  const debuggerAnswer = 'WebSockets request was expected\n'
  await listening(http.createServer((_, response) => void response.end(debuggerAnswer)))
  const port = await listening(http.createServer((_, response) => void response.end('shop')))
  const ending = new AbortController()
  const first = async (wanted: number) => {
    for await (const socket of followPort(new ProcessTree(process.pid), wanted, ending.signal)) return socket
    return null
  }
  expect(await first(port)).toEqual({ address: '127.0.0.1', port })
  const other = await first(1)
  expect(other).toEqual({ address: '127.0.0.1', port })
})

test('the wildcard address is reached by the loopback of its family', async () => {
  const reached = (address: string) => loopbackOf({ address, port: 1 })
  expect(['0.0.0.0', '::1', '127.0.0.1'].map(reached)).toEqual(['127.0.0.1', '::1', '127.0.0.1'])
  const hasIpv6 = await new Promise((resolve) => {
    const server = http.createServer().once('error', () => resolve(false))
    server.listen(0, '::1', () => server.close(() => resolve(true)))
  })
  expect(reached('::')).toBe(hasIpv6 ? '::1' : '127.0.0.1')
})
