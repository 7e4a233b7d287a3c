import { bounds } from './bounds.ts'
import { ConnectionError, errorCodes } from './codes.ts'

/** Facts of HEADERS besides its fields. */
export interface BlockFacts {
  stream: number
  isEnd: boolean
  dependsOnItself: boolean
}

/** Header block of HEADERS without END_HEADERS and the CONTINUATIONs after it (RFC 9113, section 4.3). */
export class HeaderBlock implements BlockFacts {
  readonly stream: number
  readonly isEnd: boolean
  readonly dependsOnItself: boolean
  readonly #mostBytes: number
  readonly #pieces: Buffer[]
  #bytes: number
  #continuations = 0

  constructor({ stream, isEnd, dependsOnItself }: BlockFacts, first: Buffer, mostBytes: number) {
    this.stream = stream
    this.isEnd = isEnd
    this.dependsOnItself = dependsOnItself
    this.#mostBytes = mostBytes
    this.#pieces = [Buffer.from(first)]
    this.#bytes = first.length
  }

  /** @throws ConnectionError */
  add(piece: Buffer): void {
    this.#continuations += 1
    this.#bytes += piece.length
    if (this.#continuations > bounds.continuations || this.#bytes > this.#mostBytes)
      throw new ConnectionError(errorCodes.calm, 'A head does not end')
    this.#pieces.push(Buffer.from(piece))
  }

  join(): Buffer {
    return Buffer.concat(this.#pieces)
  }
}
