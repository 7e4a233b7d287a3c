import { performServerHandshake } from 'node:http2'
import type { Socket } from 'node:net'
import { keepSession } from '../../../../src/engine/domains/keep-session.ts'
import { ListedFields } from '../../../../src/edge/worker/http/fields.ts'
import { readHttp2Request } from '../../../../src/edge/worker/http/request.ts'
import { Http2Endpoint } from '../../../../src/edge/worker/http2-protocol/endpoint.ts'
import type { Http2Stream } from '../../../../src/edge/worker/http2-protocol/stream.ts'
import type { Outcome } from '../http2-cases/parts.ts'
import { frame, readFrames } from '../http2-frames.ts'
import { memorySockets, settle } from './memory-socket.ts'
import { outcomeIn, probe } from './outcome.ts'

/** Reactions of both servers to the same bytes of a client. Requests are answered when they are complete. */
export interface Reactions {
  ours: Outcome
  nghttp2: Outcome
  /** Internal errors of the edge's own. */
  faults: unknown[]
}

/** Reactions of nghttp2 that may be stricter than ours, each with the reason. */
const stricter: Record<string, string> = {
  'connection error INTERNAL':
    'takes an acknowledgement of a PING that was not sent for a mistake of its own',
  closes: 'ends the connection at a GOAWAY with an error, whatever is still open',
  'stream error PROTOCOL': 'judges methods and hosts where we answer 400, unless the stream is reset before',
  'connection error PROTOCOL': 'counts acknowledgements of SETTINGS, and judges the last stream of a GOAWAY',
}

/** Whether the edge failed, or accepted bytes that nghttp2 does not, without a listed reason. */
export function areUnexplained({ ours, nghttp2, faults }: Reactions): boolean {
  const accepts = (outcome: Outcome) => outcome === 'answers 200' || outcome === 'goes on'
  return faults.length > 0 || (accepts(ours) && !accepts(nghttp2) && !Object.hasOwn(stricter, nghttp2))
}

export async function reactionsTo(bytes: Uint8Array): Promise<Reactions> {
  const faults: unknown[] = []
  const ours = await reactionOf(bytes, (socket) => void serve(socket, faults))
  return { ours, nghttp2: await reactionOf(bytes, serveByNode), faults }
}

async function reactionOf(bytes: Uint8Array, start: (socket: Socket) => void): Promise<Outcome> {
  const [client, server] = memorySockets()
  let received = Buffer.alloc(0)
  let isClosed = false
  client.on('data', (piece: Buffer) => (received = Buffer.concat([received, piece])))
  client.once('end', () => (isClosed = true))
  start(server as Socket)
  client.write(Buffer.concat([bytes, frame('ping', 0, 0, probe)]))
  await settle(8)
  client.destroy()
  server.destroy()
  await settle(3)
  return outcomeIn(readFrames(received), isClosed)
}

const arrival = {
  secure: true,
  serverName: 'shop.test',
  remoteAddress: '127.0.0.1',
  publishedAddress: null,
  clientCertificate: null,
}

export function serve(socket: Socket, faults: unknown[]): Http2Endpoint {
  // Node answers after everything that came at once.
  const answer = (stream: Http2Stream, status: string) =>
    void setImmediate(() => {
      stream.sendHead([':status', status], false)
      stream.send(Buffer.from('ok'), [])
    })
  const endpoint = new Http2Endpoint(socket, {
    isServer: true,
    limits: { headBytes: 65_536, headerFields: 256, concurrentStreams: 128 },
    now: () => 0,
    events: {
      onStream(stream, head, isEnd) {
        const request = readHttp2Request(head, new ListedFields(head.fields), head.from / 2, isEnd, arrival)
        const status = 'sentence' in request ? String(request.status) : '200'
        stream.events = {
          onData: () => true,
          onEnd: () => answer(stream, status),
          onDrain: () => undefined,
          onClose: () => undefined,
        }
        if (isEnd) answer(stream, status)
      },
      onStreamClosed: () => undefined,
      onFailed: () => undefined,
      onFault: (error) => faults.push(error),
    },
  })
  socket.once('close', () => endpoint.onSocketClosed())
  return endpoint
}

function serveByNode(socket: Socket): void {
  const session = performServerHandshake(socket, { settings: { enableConnectProtocol: true } })
  keepSession(session)
  session.on('error', () => undefined)
  session.on('stream', (stream) => {
    stream.on('error', () => undefined).resume()
    stream.on('end', () => {
      if (stream.destroyed || stream.closed) return
      stream.respond({ ':status': 200 })
      stream.end('ok')
    })
  })
}
