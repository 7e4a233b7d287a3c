import type { Socket } from 'node:net'

/** Up to this size head and body go into one write, so into one TLS record. */
const joinedBytes = 16 * 1024
/** Shared buffer for writes to sockets that keep no reference to it: head, body and framing of one read. */
const joining = Buffer.allocUnsafeSlow(2 * joinedBytes)
const nothing = Buffer.alloc(0)

/**
 * Writes a response to a client's HTTP/1 socket in as few writes as possible: `flush` writes everything that
 * one read of the origin brought (a head, chunks, the end).
 */
export class Http1Writer {
  headBytes = 0
  bodyBytes = 0
  readonly #socket: Socket
  readonly #isTls: boolean
  readonly #onWritten: () => void
  #head = ''
  #isChunked = false
  #pieces: Buffer[] = []
  #end: string | null = null
  /** The final head (not an interim one) is still unwritten. */
  #isUnsent = false

  /** `onWritten` is called when everything has been written, if `flush` returned false. */
  constructor(socket: Socket, isTls: boolean, onWritten: () => void) {
    this.#socket = socket
    this.#isTls = isTls
    this.#onWritten = () => {
      if (socket.writableLength === 0) onWritten()
    }
  }

  begin(): void {
    this.headBytes = 0
    this.bodyBytes = 0
  }

  head(text: string, framing: 'none' | 'plain' | 'chunked'): void {
    this.#head += text
    this.#isChunked = framing === 'chunked'
    this.#isUnsent = framing !== 'none'
  }

  data(piece: Buffer): void {
    this.#pieces.push(piece)
  }

  end(trailerLines: string): void {
    this.#end = this.#isChunked ? `0\r\n${trailerLines}\r\n` : ''
  }

  discardHead(): boolean {
    if (!this.#isUnsent) return false
    this.#head = ''
    this.#pieces = []
    return true
  }

  flush(): boolean {
    this.#isUnsent = false
    const head = this.#head
    const pieces = this.#pieces
    const end = this.#end ?? ''
    this.#head = ''
    if (pieces.length > 0) this.#pieces = []
    this.#end = null
    let length = 0
    for (const piece of pieces) length += piece.length
    this.headBytes += head.length
    this.bodyBytes += length
    if (length === 0) return this.#writeText(head + end)
    const before = this.#isChunked ? `${head}${length.toString(16)}\r\n` : head
    const after = this.#isChunked ? `\r\n${end}` : ''
    const isBare = before === '' && after === '' && pieces.length === 1
    if (isBare) return this.#writeView(pieces[0]!)
    const into = this.#encryptsAtOnce ? joining : nothing
    if (length <= joinedBytes || this.#isChunked)
      return this.#write(join(before, pieces, length, after, into))
    this.#socket.write(before, 'latin1')
    return this.#write(join('', pieces, length, after, nothing))
  }

  #writeText(text: string): boolean {
    if (text === '') return this.#socket.writableLength === 0
    this.#socket.write(text, 'latin1', this.#onWritten)
    return this.#socket.writableLength === 0
  }

  #write(bytes: Buffer): boolean {
    this.#socket.write(bytes, this.#onWritten)
    return this.#socket.writableLength === 0
  }

  /** `view` lies in the shared read buffer. */
  #writeView(view: Buffer): boolean {
    return this.#write(this.#encryptsAtOnce ? view : Buffer.from(view))
  }

  /**
   * A TLS socket with an empty queue encrypts its input before it returns; a queued write, or a plain socket
   * whose kernel buffer is full, would keep the reference.
   */
  get #encryptsAtOnce(): boolean {
    return this.#isTls && this.#socket.writableLength === 0
  }
}

/** Joins the parts of one write in `into`, or in new memory if that is too small. */
function join(before: string, pieces: Buffer[], length: number, after: string, into: Buffer): Buffer {
  const size = before.length + length + after.length
  const joined = size <= into.length ? into : Buffer.allocUnsafe(size)
  joined.write(before, 0, 'latin1')
  let at = before.length
  for (const piece of pieces) at += piece.copy(joined, at)
  if (after !== '') joined.write(after, at, 'latin1')
  return joined.subarray(0, size)
}
