import { Duplex } from 'node:stream'

/** Two connected sockets in memory. Unlike those of `duplexPair`, a write does not wait for a read. */
export function memorySockets(): [Duplex, Duplex] {
  const make = (other: () => Duplex) =>
    new Duplex({
      read: () => undefined,
      write(bytes: Buffer, _encoding, callback) {
        other().push(Buffer.from(bytes))
        setImmediate(callback)
      },
      final(callback) {
        other().push(null)
        callback()
      },
    })
  const a: Duplex = make(() => b)
  const b: Duplex = make(() => a)
  a.on('error', () => undefined)
  b.on('error', () => undefined)
  return [a, b]
}

/** Waits for everything that follows from the bytes so far. */
export async function settle(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
