import { createSocket } from 'node:dgram'
import { decode, encode, type RecordType } from 'dns-packet'

/*
 * Process that asks a multicast group once, as Android's resolver does: from a port of its own, where alone it hears
 * the answer. Prints the addresses, or nothing after two seconds.
 */
const [group = '', device = '', name = '', type = 'A'] = process.argv.slice(2)
const socket = createSocket(group.includes(':') ? 'udp6' : 'udp4')
socket.on('message', (bytes: Buffer) => {
  const { id, answers = [] } = decode(bytes)
  if (id !== 7) return
  for (const answer of answers) if (answer.type === 'A') process.stdout.write(`${answer.data}\n`)
  process.exit()
})
socket.bind(() => {
  socket.setMulticastInterface(device)
  const questions = [{ name, type: type as RecordType }]
  socket.send(encode({ type: 'query', id: 7, questions }), 5353, group)
})
setTimeout(() => process.exit(1), 2_000)
