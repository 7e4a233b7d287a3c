/**
 * Bytes that wait for their receiver. They are copied, because what they lie in is used again, and small
 * pieces share memory, so that many of them cost no more than their bytes.
 */
export class ByteQueue {
  #blocks: Buffer[] = []
  /** Place of the next byte in the first block, and the end of the last one's. */
  #from = 0
  #end = 0
  length = 0

  push(bytes: Buffer): void {
    this.length += bytes.length
    let at = 0
    const last = this.#blocks.at(-1)
    if (last !== undefined) {
      at = bytes.copy(last, this.#end)
      this.#end += at
    }
    if (at === bytes.length) return
    const block = Buffer.allocUnsafeSlow(Math.max(blockBytes, bytes.length - at))
    this.#end = bytes.copy(block, 0, at)
    this.#blocks.push(block)
  }

  /** First bytes, at most one block. Empty if there are none. */
  peek(): Buffer {
    const block = this.#blocks[0]
    if (block === undefined) return nothing
    return block.subarray(this.#from, this.#blocks.length === 1 ? this.#end : block.length)
  }

  /** Drops the first `bytes`, which `peek` has returned. */
  drop(bytes: number): void {
    this.length -= bytes
    this.#from += bytes
    const end = this.#blocks.length === 1 ? this.#end : (this.#blocks[0]?.length ?? 0)
    if (this.#from < end) return
    this.#blocks.shift()
    this.#from = 0
  }

  clear(): void {
    this.#blocks = []
    this.#from = 0
    this.length = 0
  }
}

const blockBytes = 4_096
const nothing = Buffer.alloc(0)
