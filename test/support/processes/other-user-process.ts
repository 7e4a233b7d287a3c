import { createServer } from 'node:http'
import { once } from 'node:events'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { createSocket } from 'node:dgram'
import { decode, encode, streamDecode, streamEncode, type Packet } from 'dns-packet'
import type { AcmeAt } from '../acme/programs.ts'
import { RawAcme } from '../acme/requests.ts'
import type { OtherUserTask } from './other-user.ts'

/** Becomes `nobody`, then listens or acts as an ACME client on orders from the process channel. */
const [at = '{}'] = process.argv.slice(2)
const { uid, ...server } = JSON.parse(at) as AcmeAt & { uid: number }
// Reads the root, which only the user of the tests can.
const client = new RawAcme(server)
// So that no thread of libuv stays root (setuid(2) of glibc changes them all).
process.setgroups?.([])
process.setgid?.(uid)
process.setuid?.(uid)

process.on('message', (task: OtherUserTask) => {
  perform(task).then(
    (result) => process.send?.(result ?? {}),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})
process.send?.({ uid: process.getuid?.() })

async function perform(task: OtherUserTask): Promise<object | undefined> {
  switch (task.kind) {
    case 'http': {
      const { closesFirst, body } = task
      const length = Buffer.byteLength(body)
      const head = `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\nconnection: ${closesFirst ? 'close' : 'keep-alive'}\r\n\r\n`
      if (closesFirst)
        return listen(
          createTcpServer((socket) => socket.end(head + body)),
          task.port,
        )
      return listen(
        createServer((_, response) => response.end(body)),
        task.port,
      )
    }
    case 'tls': {
      const { certificatePem: cert, keyPem: key } = task
      return listen(createTlsServer({ cert, key, ALPNProtocols: ['acme-tls/1'] }), task.port)
    }
    case 'dns':
      return answerDns(task)
    case 'register': {
      const directory = await client.send('GET', `${client.base}/directory`)
      const nonce = await client.send('HEAD', `${client.base}/new-nonce`)
      const { status, text } = await client.register()
      return { directory: directory.status, nonce: nonce.headers['replay-nonce'] ?? null, status, text }
    }
  }
}

async function listen(listening: Server, port: number): Promise<undefined> {
  listening.listen(port, '127.0.0.1')
  await once(listening, 'listening')
}

async function answerDns({ port, value }: { port: number; value: string }): Promise<undefined> {
  const answerTo = ({ id = 0, questions = [] }: Packet): Packet => {
    const name = questions[0]?.name ?? ''
    return { type: 'response', id, questions, answers: [{ type: 'TXT', name, ttl: 1, data: value }] }
  }
  const datagrams = createSocket('udp4')
  datagrams.on('message', (message, from) =>
    datagrams.send(encode(answerTo(decode(message))), from.port, from.address),
  )
  datagrams.bind(port, '127.0.0.1')
  await once(datagrams, 'listening')
  const answerOver = (socket: Socket) =>
    socket.on('data', (message: Buffer) => socket.write(streamEncode(answerTo(streamDecode(message)))))
  return listen(createTcpServer(answerOver), port)
}
