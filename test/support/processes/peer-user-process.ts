import { createServer } from 'node:net'
import { isOwnPeer } from '../../../src/platform/listeners/peer-user.ts'

/** Prints its port, then for each connection if this user owns the other end. */
const server = createServer((socket) => {
  void isOwnPeer(socket, AbortSignal.timeout(500)).then((isOwn) => {
    console.log(JSON.stringify({ uid: process.getuid?.(), isOwn }))
    socket.destroy()
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(JSON.stringify(address))
})
