import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export interface Load {
  sent: number
  answered: number
}

export interface LoadTarget {
  port: number
  host: string
  /** Null for plain HTTP. */
  ca: string | null
}

const pipelined = 20

/** Sends `count` requests over HTTP/1.1 connections of 20 pipelined ones each batch, and 200 a connection. */
export async function loadHttp1(target: LoadTarget, count: number, load: Load): Promise<void> {
  let left = count
  while (left > 0) left -= await oneConnection(target, Math.min(left, 200), load)
}

async function oneConnection(target: LoadTarget, count: number, load: Load): Promise<number> {
  const socket = await openSocket(target)
  let sent = 0
  try {
    while (sent < count) {
      const batch = Math.min(pipelined, count - sent)
      socket.write(`GET /${'x'.repeat(20)} HTTP/1.1\r\nHost: ${target.host}\r\n\r\n`.repeat(batch))
      sent += batch
      load.sent += batch
      if (!(await answers(socket, batch, load))) break
    }
  } finally {
    socket.destroy()
  }
  return sent
}

/** False if the connection ends before all answers. */
function answers(socket: Socket, count: number, load: Load): Promise<boolean> {
  let left = count
  return new Promise((resolve) => {
    const done = (all: boolean): void => {
      socket.off('data', onData).off('close', onClose)
      resolve(all)
    }
    const onClose = (): void => done(false)
    let text = ''
    const onData = (bytes: Buffer): void => {
      text += bytes.toString('latin1')
      // The origin's body ends each answer.
      const pieces = text.split(answerBody)
      text = pieces.pop() ?? ''
      left -= pieces.length
      load.answered += pieces.length
      if (left === 0) done(true)
    }
    socket.on('data', onData).once('close', onClose)
  })
}

export const answerBody = 'answer of the origin'

async function openSocket({ port, host, ca }: LoadTarget, alpn = 'http/1.1'): Promise<Socket> {
  for (;;) {
    const where = { host: '127.0.0.1', port }
    const socket =
      ca === null ? connect(where) : connectTls({ ...where, servername: host, ca, ALPNProtocols: [alpn] })
    const opened = await new Promise<boolean>((resolve) => {
      socket.once(ca === null ? 'connect' : 'secureConnect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.on('error', () => undefined)
    if (opened) return socket
    // The worker was killed a moment ago.
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Sends `count` requests as streams of one HTTP/2 connection, 50 at a time. */
export async function loadHttp2(target: LoadTarget, count: number, load: Load): Promise<void> {
  const socket = await openSocket(target, 'h2')
  const session = connectHttp2(`https://${target.host}:${target.port}`, { createConnection: () => socket })
  session.on('error', () => undefined)
  let left = count
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const stream = session.request({ ':path': '/', ':authority': target.host })
      load.sent += 1
      stream.resume()
      await once(stream, 'end')
      load.answered += 1
    }
  }
  await Promise.all(Array.from({ length: 50 }, lane))
  session.close()
}
