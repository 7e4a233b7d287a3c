import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Opens connections one by one that send `first` and nothing more; the caller destroys them. */
export async function openIdle(port: number, count: number, first = ''): Promise<Socket[]> {
  const sockets: Socket[] = []
  for (let at = 0; at < count; at += 1) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    await once(socket, 'connect')
    if (first !== '') socket.write(first)
    sockets.push(socket)
  }
  return sockets
}
