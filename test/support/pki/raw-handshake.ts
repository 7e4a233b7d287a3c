import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'

/*
 * Handshakes of TLS 1.2 by hand up to the peer's Certificate message, which is in clear there: OpenSSL shows
 * no certificate whose key it cannot read.
 */

const ecdheEcdsaAes128 = 0xc02b
const types = { clientHello: 1, serverHello: 2, certificate: 11, serverHelloDone: 14 }

const u16 = (value: number) => Uint8Array.of(value >> 8, value & 0xff)
const u24 = (value: number) => Uint8Array.of(value >> 16, (value >> 8) & 0xff, value & 0xff)
const join = (...pieces: Uint8Array[]) => Buffer.concat(pieces)
const sized16 = (...pieces: Uint8Array[]) => join(u16(join(...pieces).length), ...pieces)
const sized24 = (...pieces: Uint8Array[]) => join(u24(join(...pieces).length), ...pieces)
const message = (type: number, ...body: Uint8Array[]) => join(Uint8Array.of(type), sized24(...body))
const extension = (type: number, ...body: Uint8Array[]) => join(u16(type), sized16(...body))

function record(content: Uint8Array): Buffer {
  return join(Uint8Array.of(22, 3, 3), sized16(content))
}

const certificateOf = (chain: Uint8Array[]) =>
  message(types.certificate, sized24(...chain.map((each) => sized24(each))))

function clientHello(serverName: string): Buffer {
  const extensions = [
    extension(0, sized16(Uint8Array.of(0), sized16(Buffer.from(serverName)))),
    extension(10, sized16(u16(23), u16(29))),
    extension(11, Uint8Array.of(1, 0)),
    extension(13, sized16(u16(0x0403), u16(0x0804))),
    extension(0xff01, Uint8Array.of(0)),
  ]
  const random = new Uint8Array(32)
  const offer = [sized16(u16(ecdheEcdsaAes128)), Uint8Array.of(1, 0)]
  return message(types.clientHello, u16(0x0303), random, Uint8Array.of(0), ...offer, sized16(...extensions))
}

/** Shows `chain` as a client; resolves with the description of the alert that answers it (RFC 5246, 7.2). */
export async function alertForClient(port: number, serverName: string, chain: Uint8Array[]): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  const { promise, resolve } = Promise.withResolvers<number>()
  let heard = Buffer.alloc(0)
  let isShown = false
  socket.on('error', () => undefined)
  socket.once('close', () => resolve(-1))
  socket.on('data', (data: Buffer) => {
    heard = join(heard, data)
    for (; heard.length >= 5 && heard.length >= 5 + heard.readUInt16BE(3);) {
      const end = 5 + heard.readUInt16BE(3)
      const content = heard.subarray(5, end)
      if (heard[0] === 21) resolve(content[1] ?? -1)
      // OpenSSL ends its flight with this message of four octets.
      const isDone = content.subarray(-4).equals(message(types.serverHelloDone))
      if (isDone && !isShown) socket.write(record(certificateOf(chain)))
      isShown ||= isDone
      heard = heard.subarray(end)
    }
  })
  socket.write(record(clientHello(serverName)))
  return promise.finally(() => socket.destroy())
}

/** Server that answers every hello with `chain`. */
export async function serverShowing(chain: Uint8Array[]): Promise<Server & { port: number }> {
  const choice = [u16(ecdheEcdsaAes128), Uint8Array.of(0), sized16(extension(0xff01, Uint8Array.of(0)))]
  const hello = message(types.serverHello, u16(0x0303), new Uint8Array(32), Uint8Array.of(0), ...choice)
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.write(join(record(hello), record(certificateOf(chain)))))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return Object.assign(server, { port: (server.address() as AddressInfo).port })
}
