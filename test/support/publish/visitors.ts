import { connect } from 'node:tls'

export interface Visits {
  answered: number
  failed: string[]
  stop(): Promise<void>
}

const visitors = 4

/** Visitors who ask for `name` over a new connection each time, until they are stopped. */
export function visit(port: number, name: string): Visits {
  const visits: Visits = { answered: 0, failed: [], stop }
  let isOver = false
  const lanes = Array.from({ length: visitors }, async () => {
    while (!isOver) {
      const failure = await oneVisit(port, name)
      if (failure === null) visits.answered += 1
      else visits.failed.push(failure)
    }
  })
  async function stop(): Promise<void> {
    isOver = true
    await Promise.all(lanes)
  }
  return visits
}

/** Null for an answer of the origin. */
function oneVisit(port: number, name: string): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const socket = connect({ host: '127.0.0.1', port, servername: name, rejectUnauthorized: false })
  let text = ''
  socket.setEncoding('latin1')
  socket.once('secureConnect', () =>
    socket.write(`GET / HTTP/1.1\r\nHost: ${name}:${port}\r\nConnection: close\r\n\r\n`),
  )
  const isAnswered = () => /^HTTP\/1.1 200 [^]*of the origin/.test(text)
  socket.on('data', (piece: string) => (text += piece))
  // A server that has sent all may reset the connection instead of waiting for the client's end.
  socket.on('error', ({ code, message }: NodeJS.ErrnoException) =>
    resolve(
      isAnswered()
        ? null
        : `${code ?? message} after ${socket.getProtocol() ?? 'no handshake'}: ${text.slice(0, 80)}`,
    ),
  )
  socket.on('close', () => resolve(isAnswered() ? null : `answer: ${text.slice(0, 80)}`))
  return promise
}
