import type { Socket } from 'node:net'
import { startRawOrigin } from './origin.ts'

export interface SeenConnection {
  socket: Socket
  received: string
  isClosed: boolean
}

/** Origin that records each connection; `onData` may answer. */
export async function startRecordingOrigin(
  onData: (connection: SeenConnection, nth: number) => void = () => undefined,
) {
  const seen: SeenConnection[] = []
  const origin = await startRawOrigin((socket) => {
    const connection: SeenConnection = { socket, received: '', isClosed: false }
    const nth = seen.push(connection) - 1
    socket.on('data', (chunk: Buffer) => {
      connection.received += chunk.toString('latin1')
      onData(connection, nth)
    })
    socket.on('close', () => (connection.isClosed = true))
  })
  return { port: origin.port, seen, close: origin.close }
}

export const okAnswer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** Answers each whole request without a body. */
export function answerEach(connection: SeenConnection): void {
  if (connection.received.endsWith('\r\n\r\n')) connection.socket.write(okAnswer)
}
