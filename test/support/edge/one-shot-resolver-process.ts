import { createSocket } from 'node:dgram'
import { decode, encode } from 'dns-packet'

/*
 * Process that asks the multicast groups of mDNS once, as Android's resolver does: from ports of its own, where alone
 * it hears the answers. Prints the address found over IPv4 and over IPv6, each empty after a second without one.
 */
const [name = '', address = '', device = ''] = process.argv.slice(2)
const found = await Promise.all([
  ask('udp4', '224.0.0.251', address),
  ask('udp6', 'ff02::fb', `::%${device}`),
])
process.stdout.write(JSON.stringify(found))
process.exit()

function ask(type: 'udp4' | 'udp6', group: string, place: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = createSocket(type)
  socket.on('message', (bytes: Buffer) => {
    const { id, answers = [] } = decode(bytes)
    for (const answer of answers) if (id === 7 && answer.type === 'A') resolve(answer.data)
  })
  socket.bind(() => {
    socket.setMulticastInterface(place)
    const questions = [{ name, type: 'A' as const }]
    socket.send(encode({ type: 'query', id: 7, questions }), 5353, group)
  })
  setTimeout(resolve, 1_000, '')
  return promise
}
