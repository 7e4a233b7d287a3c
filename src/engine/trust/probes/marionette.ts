import { connect, type Socket } from 'node:net'

/** Firefox's response to a command: an error with name and message, or a value. */
export interface MarionetteAnswer {
  error: { error: string; message: string } | null
  value: unknown
}

type Waiting = { resolve: (answer: MarionetteAnswer) => void; reject: (error: Error) => void }
const longestMessage = 4 * 1024 * 1024

/**
 * Firefox's remote protocol, version 3: each message is its length in bytes, a colon and JSON, with `[0, id,
 * name, parameters]` as command and `[1, id, error, value]` as response.
 */
export async function connectMarionette(port: number) {
  const socket = connect({ host: '127.0.0.1', port })
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  const greeting = Promise.withResolvers<void>()
  const fail = (error: Error) => {
    greeting.reject(error)
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  readMessages(socket, (message) => {
    if (!Array.isArray(message)) return greeting.resolve()
    const [, id, error, value] = message as [1, number, MarionetteAnswer['error'], unknown]
    waiting.get(id)?.resolve({ error, value })
    waiting.delete(id)
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('Firefox closed its remote protocol.')))
  await greeting.promise
  return {
    /** Rejects if the browser is gone. */
    command(name: string, parameters = {}) {
      const id = (lastId += 1)
      const { promise, resolve, reject } = Promise.withResolvers<MarionetteAnswer>()
      waiting.set(id, { resolve, reject })
      const text = JSON.stringify([0, id, name, parameters])
      socket.write(`${Buffer.byteLength(text)}:${text}`)
      return promise
    },
    close: () => socket.destroy(),
  }
}

function readMessages(socket: Socket, take: (message: unknown) => void): void {
  let buffered = Buffer.alloc(0)
  socket.on('data', (bytes: Buffer) => {
    buffered = Buffer.concat([buffered, bytes])
    for (let colon = buffered.indexOf(':'); colon > 0; colon = buffered.indexOf(':')) {
      const length = Number(buffered.subarray(0, colon).toString('latin1'))
      if (!Number.isInteger(length) || length > longestMessage)
        return void socket.destroy(
          new Error('Firefox sent something that is not a message of its remote protocol.'),
        )
      const end = colon + 1 + length
      if (buffered.length < end) return
      take(JSON.parse(buffered.subarray(colon + 1, end).toString('utf8')))
      buffered = buffered.subarray(end)
    }
  })
}
