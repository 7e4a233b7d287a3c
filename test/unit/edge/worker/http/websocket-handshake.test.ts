import { describe, expect, test } from 'vitest'
import { ListedFields } from '../../../../../src/edge/worker/http/fields.ts'
import type { EdgeRequest } from '../../../../../src/edge/worker/http/request.ts'
import {
  handshakeKey,
  handshakeProof,
  switchesToWebsocket,
  withHandshakeKey,
} from '../../../../../src/edge/worker/http/websocket-handshake.ts'

// RFC 6455, section 1.3.
const key = 'dGhlIHNhbXBsZSBub25jZQ=='
const proof = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='

describe('the key of a websocket', () => {
  test('is proved as RFC 6455 has it', () => {
    expect(handshakeProof(key)).toBe(proof)
  })

  test('is that of the request where there is exactly one', () => {
    const line = `Sec-WebSocket-Key:  ${key} \r\n`
    expect(handshakeKey({ lines: `a: b\r\n${line}` })).toBe(key)
    expect(handshakeKey({ lines: 'a: b\r\n' })).toBeNull()
    expect(handshakeKey({ lines: line + line })).toBeNull()
  })

  test('is made for a request of HTTP/2, in place of what the client says, and another each time', () => {
    const request = { method: 'CONNECT', lines: `a: b\r\nSEC-WEBSOCKET-KEY: ${key}\r\n` } as EdgeRequest
    const made = [withHandshakeKey(request), withHandshakeKey(request)]
    for (const { method, lines } of made) {
      expect(method).toBe('GET')
      const [, value = ''] = /^a: b\r\nsec-websocket-key: (\S+)\r\n$/.exec(lines) ?? []
      expect(Buffer.from(value, 'base64')).toHaveLength(16)
    }
    expect(new Set([key, ...made.map(handshakeKey)]).size).toBe(3)
    expect(request.method).toBe('CONNECT')
  })
})

describe('an answer to a websocket request', () => {
  const right = { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-accept': proof }
  const switches = (change: Record<string, string | string[] | undefined>, given: string | null = key) => {
    const fields = Object.entries({ ...right, ...change }).flatMap(([name, value]) =>
      value === undefined ? [] : [value].flat().flatMap((one) => [name, one]),
    )
    return switchesToWebsocket(new ListedFields([...fields, 'x', 'y']), given)
  }

  test('switches with each of the three fields', () => {
    expect(switches({})).toBe(true)
    expect(switches({ upgrade: ' WebSocket ', connection: 'keep-alive, upgrade' })).toBe(true)
  })

  test.each([
    [{ upgrade: undefined }],
    [{ upgrade: 'h2c' }],
    [{ upgrade: ['websocket', 'websocket'] }],
    [{ connection: undefined }],
    [{ connection: 'keep-alive' }],
    [{ connection: ['upgrade', 'upgrade'] }],
    [{ 'sec-websocket-accept': undefined }],
    [{ 'sec-websocket-accept': proof.toLowerCase() }],
    [{ 'sec-websocket-accept': handshakeProof('another') }],
    [{ 'sec-websocket-accept': [proof, proof] }],
  ])('does not switch with %j', (change) => {
    expect(switches(change)).toBe(false)
  })

  test('never switches if no key was sent', () => {
    expect(switches({}, null)).toBe(false)
    expect(switches({ 'sec-websocket-accept': undefined }, null)).toBe(false)
  })
})
