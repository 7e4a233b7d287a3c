import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { createInterface } from 'node:readline'
import tls from 'node:tls'

const ca = readFileSync(process.argv[2] ?? '')
process.stdout.write(`Node.js ${process.version}, OpenSSL ${process.versions.openssl}\n`)
for await (const line of createInterface(process.stdin)) {
  const [host = '', port] = line.split(' ')
  const { promise, resolve } = Promise.withResolvers()
  // No SNI for an address, like `https`.
  const servername = isIP(host) ? '' : host
  const socket = tls.connect({ port: Number(port), host: isIP(host) ? host : '127.0.0.1', ca, servername })
  socket.once('secureConnect', () => resolve('accepts'))
  socket.once('error', (error) => resolve(error.code ?? error.message))
  process.stdout.write(`${await promise}\n`)
  socket.destroy()
}
