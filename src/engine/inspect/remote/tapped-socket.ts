import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/** Far more than a handshake with the longest accepted chain. */
const mostBytes = 256 * 1024

/** Socket that records the first bytes received, so that the handshake can be read as it was sent. */
export class TappedSocket extends Duplex {
  private readonly chunks: Buffer[] = []
  private size = 0
  private readonly socket: Socket

  constructor(socket: Socket) {
    super()
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      if (this.size < mostBytes) this.chunks.push(chunk)
      this.size += chunk.length
      if (!this.push(chunk)) socket.pause()
    })
    socket.on('end', () => this.push(null))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  received(): Buffer {
    return Buffer.concat(this.chunks)
  }

  override _read(): void {
    this.socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, done)
  }

  override _final(done: () => void): void {
    this.socket.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroy()
    done(error)
  }
}
