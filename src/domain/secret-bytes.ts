/**
 * Secret bytes with one owner, zeroed where the owner's `using` declaration goes out of scope: at its end, at an
 * early return, at an error, and after the awaits of an async function.
 *
 * Threat model. A reader of a core dump, of swapped pages or of memory after a lock must not find the bytes of a
 * secret that is no longer in use, and no log, error or answer may show them by accident. Not covered: copies that
 * others make. Values of the type `Unwiped` stay until the runtime reuses their memory.
 */
export class SecretBytes<Bytes extends Uint8Array = Buffer> implements Disposable {
  #bytes: Bytes | undefined

  /** Takes ownership of the bytes: the caller neither zeroes nor keeps them. */
  constructor(bytes: Bytes) {
    this.#bytes = bytes
  }

  /** The bytes themselves, to be used at once and not stored. Throws once they are wiped or have another owner. */
  get bytes(): Bytes {
    if (this.#bytes === undefined) throw new Error('A secret was used after it was wiped or moved.')
    return this.#bytes
  }

  /** Passes the ownership on, beyond the scope of this owner, which keeps nothing and wipes nothing. */
  move(): SecretBytes<Bytes> {
    const moved = new SecretBytes(this.bytes)
    this.#bytes = undefined
    return moved
  }

  [Symbol.dispose](): void {
    this.#bytes?.fill(0)
    this.#bytes = undefined
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}

/** Secret in memory that JavaScript cannot clear: a string, or a key that OpenSSL has. */
export type Unwiped<T> = T

/** Zeroes all that the list has when the scope of its `using` declaration ends. */
export function wipedTogether(secrets: Iterable<Uint8Array>): Disposable {
  return {
    [Symbol.dispose]() {
      for (const bytes of secrets) bytes.fill(0)
    },
  }
}
