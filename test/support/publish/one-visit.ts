import { connect } from 'node:tls'

/** Asks for `name` over a new connection. Null for an answer of the origin, else the reason. */
export function oneVisit(place: { host: string; port: number }, name: string): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const socket = connect({ ...place, servername: name, rejectUnauthorized: false })
  let text = ''
  socket.setEncoding('latin1')
  socket.once('secureConnect', () =>
    socket.write(`GET / HTTP/1.1\r\nHost: ${name}:${place.port}\r\nConnection: close\r\n\r\n`),
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
