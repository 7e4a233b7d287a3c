// What Node itself costs, as a floor: `bare.mjs FOLDER PORT KEY-TYPE ORIGIN-PORT`. TLS by Node with one socket to
// the origin for each client, bytes passed on and nothing read; over HTTP/2 Node answers by itself.
import { readFileSync } from 'node:fs'
import { performServerHandshake } from 'node:http2'
import { connect } from 'node:net'
import { createServer } from 'node:tls'

const [folder, port, key, originPort] = process.argv.slice(2)
const body = Buffer.alloc(1024, 'x')
const head = [':status', '200', 'content-length', String(body.length)]

createServer(
  {
    key: readFileSync(`${folder}/${key}.key`),
    cert: readFileSync(`${folder}/${key}.crt`),
    ALPNProtocols: ['h2', 'http/1.1'],
  },
  (client) => {
    client.on('error', () => client.destroy())
    if (client.alpnProtocol === 'h2') answer(client)
    else pass(client)
  },
).listen(Number(port), '127.0.0.1')

function answer(client) {
  const session = performServerHandshake(client)
  session.on('error', () => undefined)
  session.on('stream', (stream) => {
    stream.on('error', () => undefined)
    stream.respond(head, { sendDate: false })
    stream.end(body)
  })
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
    origin ??= connectFor(client).on('error', end).on('close', end)
    if (!origin.write(bytes)) {
      client.pause()
      origin.once('drain', () => client.resume())
    }
  })
}

function connectFor(client) {
  return connect({
    host: '127.0.0.1',
    port: Number(originPort),
    noDelay: true,
    onread: {
      buffer: Buffer.alloc(65_536),
      callback(length, buffer) {
        // What it keeps of the buffer would be written over.
        client.write(
          client.writableLength === 0 ? buffer.subarray(0, length) : Buffer.from(buffer.subarray(0, length)),
        )
        return true
      },
    },
  })
}
