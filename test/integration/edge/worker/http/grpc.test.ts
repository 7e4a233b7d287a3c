import {
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  Metadata,
} from '@grpc/grpc-js'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../../../../support/pki/certificates.ts'
import { routeTo, startTestEdge, type TestEdge } from '../../../../support/edge/edge.ts'
import { credentials, EchoClient, startGrpcServer, status } from '../../../../support/edge/grpc.ts'

type Client = InstanceType<typeof EchoClient>

const cancelled: string[] = []
const service = {
  unary(call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) {
    const text = String(call.request)
    call.on('cancelled', () => cancelled.push(text))
    if (text === 'never') return
    if (text !== 'refuse') {
      const trailer = new Metadata()
      trailer.set('x-note-bin', Buffer.from([0, 255]))
      return done(null, Buffer.from(`${text} for ${call.getPath()}`), trailer)
    }
    done({ code: status.FAILED_PRECONDITION, details: 'nicht jetzt: ü' })
  },
  serverStream(call: ServerWritableStream<Buffer, Buffer>) {
    call.on('cancelled', () => cancelled.push('stream'))
    const size = Number(String(call.request))
    for (let at = 0; at < size; at += 1) call.write(Buffer.alloc(16 * 1024, at))
    if (size > 0) call.end()
    else call.write(Buffer.from('first of endlessly many'))
  },
  clientStream(call: ServerReadableStream<Buffer, Buffer>, done: sendUnaryData<Buffer>) {
    let bytes = 0
    call.on('data', (piece: Buffer) => (bytes += piece.length))
    call.on('end', () => done(null, Buffer.from(String(bytes))))
  },
  bidi(call: ServerDuplexStream<Buffer, Buffer>) {
    call.on('data', (piece: Buffer) => call.write(Buffer.from(`re: ${piece}`)))
    call.on('end', () => call.end())
  },
}

describe.each(['h2c', 'https'] as const)('gRPC through the edge to an origin over %s', (protocol) => {
  const originAuthority = createTestAuthority({ commonName: 'Origin authority' })
  const pair = issueTestLeaf(originAuthority, { names: ['shop.test'] })
  let server: Awaited<ReturnType<typeof startGrpcServer>>
  let edge: TestEdge
  let client: Client

  beforeAll(async () => {
    server = await startGrpcServer(service, protocol === 'https' ? pair : undefined)
    const origin = {
      protocol,
      http2: protocol === 'https',
      verify: true,
      anchorsPem: originAuthority.certificatePem,
    }
    edge = await startTestEdge([routeTo(server.port, { origin })], { limits: { bodyPauseMs: 100 } })
    client = new EchoClient(
      `127.0.0.1:${edge.https}`,
      credentials.createSsl(Buffer.from(edge.authority.certificatePem)),
      { 'grpc.ssl_target_name_override': 'shop.test', 'grpc.default_authority': 'shop.test' },
    )
  })
  afterAll(async () => {
    client.close()
    server.close()
    await edge.close()
  })

  function unary(text: string, options = {}) {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const trailers = Promise.withResolvers<Metadata>()
    const call = client.unary!(
      Buffer.from(text),
      new Metadata(),
      options,
      (error: Error | null, answer: Buffer) => (error ? reject(error) : resolve(String(answer))),
    )
    call.on('status', ({ metadata }: { metadata: Metadata }) => trailers.resolve(metadata))
    return { call, answer: promise, trailers: trailers.promise }
  }

  test('answers a call, with its trailers', async () => {
    const { answer, trailers } = unary('hello')
    expect(await answer).toBe('hello for /test.Echo/Unary')
    expect((await trailers).get('x-note-bin')).toEqual([Buffer.from([0, 255])])
  })

  test('passes on an error, with its code and its words', async () => {
    await expect(unary('refuse').answer).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: 'nicht jetzt: ü',
    })
  })

  test('keeps to a deadline, of which the origin hears', async () => {
    const { answer } = unary('never', { deadline: Date.now() + 200 })
    await expect(answer).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED })
    await expect.poll(() => cancelled).toContain('never')
  })

  test('streams from the origin, more than every window holds', async () => {
    const call = client.serverStream!(Buffer.from('600'))
    let bytes = 0
    call.on('data', (piece: Buffer) => (bytes += piece.length))
    await once(call, 'end')
    expect(bytes).toBe(600 * 16 * 1024)
  })

  test('streams to the origin', async () => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const call = client.clientStream!((error: Error | null, answer: Buffer) =>
      error ? reject(error) : resolve(String(answer)),
    )
    for (let at = 0; at < 300; at += 1) call.write(Buffer.alloc(16 * 1024))
    call.end()
    expect(await promise).toBe(String(300 * 16 * 1024))
  })

  test('lets both sides talk before either has ended, with silence longer than a request body may have', async () => {
    const call = client.bidi!()
    for (const text of ['one', 'two', 'three']) {
      call.write(Buffer.from(text))
      const [answer] = (await once(call, 'data')) as [Buffer]
      expect(String(answer)).toBe(`re: ${text}`)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    call.end()
    await once(call, 'end')
  })

  test('tells the origin when a client cancels', async () => {
    cancelled.length = 0
    const call = client.serverStream!(Buffer.from('0'))
    call.on('error', () => {})
    await once(call, 'data')
    call.cancel()
    await expect.poll(() => cancelled).toContain('stream')
  })

  test('says UNAVAILABLE where the origin does not run', async () => {
    const { port, close } = await startGrpcServer(service)
    close()
    const { routes } = { routes: [routeTo(port, { origin: { protocol: 'h2c' } })] }
    const elsewhere = await startTestEdge(routes)
    const lonely = new EchoClient(
      `127.0.0.1:${elsewhere.https}`,
      credentials.createSsl(Buffer.from(elsewhere.authority.certificatePem)),
      { 'grpc.ssl_target_name_override': 'shop.test', 'grpc.default_authority': 'shop.test' },
    )
    const { promise, reject } = Promise.withResolvers<never>()
    lonely.unary!(Buffer.from('x'), (error: Error) => reject(error))
    await expect(promise).rejects.toMatchObject({ code: status.UNAVAILABLE })
    lonely.close()
    await elsewhere.close()
  })
})
