import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

/** Server that counts uploads, leaves `/unanswered` without an answer and echoes websockets: `sink.ts PORT`. */
const server = createServer((request, response) => {
  if (request.url === '/unanswered') return
  let bytes = 0
  request.on('data', (chunk: Buffer) => (bytes += chunk.length))
  request.on('end', () => response.end(String(bytes)))
})
new WebSocketServer({ server, path: '/socket' }).on('connection', (socket) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
})
server.listen(Number(process.argv[2]), '127.0.0.1')
