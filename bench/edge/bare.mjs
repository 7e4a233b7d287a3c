// Floor for every peer, Node alone: `bare.mjs FOLDER PORT KEY-TYPE ORIGIN-PORT [own]`. TLS by Node with one
// socket to the origin for each client; bytes are forwarded unparsed. Over HTTP/2 each stream takes an idle
// socket to the origin, sends a constant request and responds with the last kilobyte of the answer; requests
// that arrive in one turn are written at its end. HTTP/2 is Node's, or with `own` the edge's without the edge.
import { readFileSync } from 'node:fs'
import { performServerHandshake } from 'node:http2'
import { connect } from 'node:net'
import { createServer } from 'node:tls'
import { Http2Endpoint } from '../../src/edge/worker/http2-protocol/endpoint.ts'

const [folder, port, key, originPort, http2] = process.argv.slice(2)
const bodyLength = 1024
const head = [':status', '200', 'content-length', String(bodyLength)]
const request = 'GET /1k HTTP/1.1\r\nHost: localhost\r\n\r\n'

createServer(
  {
    key: readFileSync(`${folder}/${key}.key`),
    cert: readFileSync(`${folder}/${key}.crt`),
    ALPNProtocols: ['h2', 'http/1.1'],
  },
  (client) => {
    client.on('error', () => client.destroy())
    if (client.alpnProtocol !== 'h2') pass(client)
    else if (http2 === 'own') answerByOwn(client)
    else answer(client)
  },
).listen(Number(port), '127.0.0.1')

function answer(client) {
  const session = performServerHandshake(client)
  session.on('error', () => undefined)
  session.on('stream', (stream) => {
    stream.on('error', () => undefined)
    request1k((body) => {
      if (stream.destroyed) return
      stream.respond(head, { sendDate: false })
      stream.end(Buffer.from(body))
    })
  })
}

function answerByOwn(client) {
  const endpoint = new Http2Endpoint(client, {
    isServer: true,
    limits: { headBytes: 65_536, headerFields: 256, concurrentStreams: 128 },
    now: () => performance.now(),
    events: {
      onStream: (stream) =>
        request1k((body) => {
          stream.sendHead(head, false)
          stream.send(body, [])
        }),
      onStreamClosed: () => undefined,
      onFailed: () => undefined,
      onFault: (error) => console.error(error),
    },
  })
  client.once('close', () => endpoint.onSocketClosed())
}

/** `take` gets a view of the body that is valid until it returns. */
function request1k(take) {
  const origin = idle.pop() ?? connectAlone()
  origin.take = take
  if (asking.push(origin) === 1) setImmediate(ask)
}

const idle = []
let asking = []

function ask() {
  const all = asking
  asking = []
  for (const { socket } of all) socket.write(request, 'latin1')
}

function connectAlone() {
  const origin = { socket: null, take: null, length: 0, seen: 0 }
  origin.socket = connectFor((bytes) => {
    origin.seen += bytes.length
    // The first response gives the length of all: every request is for the same file.
    origin.length ||= bytes.indexOf('\r\n\r\n') + 4 + bodyLength
    if (origin.seen < origin.length) return
    origin.seen = 0
    idle.push(origin)
    origin.take(bytes.subarray(-bodyLength))
  })
  origin.socket.on('error', (error) => console.error(error))
  return origin
}

function pass(client) {
  client.setNoDelay(true)
  let origin = null
  const end = () => {
    client.destroy()
    origin?.destroy()
  }
  client.on('close', end)
  // A handshake alone needs no origin.
  client.on('data', (bytes) => {
    origin ??= connectFor((piece) => {
      // A buffer that stays queued would be overwritten.
      client.write(client.writableLength === 0 ? piece : Buffer.from(piece))
    })
      .on('error', end)
      .on('close', end)
    if (!origin.write(bytes)) {
      client.pause()
      origin.once('drain', () => client.resume())
    }
  })
}

/** `take` gets a view that is valid until it returns. */
function connectFor(take) {
  return connect({
    host: '127.0.0.1',
    port: Number(originPort),
    noDelay: true,
    onread: {
      buffer: Buffer.alloc(65_536),
      callback(length, buffer) {
        take(buffer.subarray(0, length))
        return true
      },
    },
  })
}
