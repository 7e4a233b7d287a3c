import type forge from 'node-forge'
import { wipedTogether } from '../../domain/secret-bytes.ts'

let loaded: typeof forge | undefined

/** Loads node-forge, needed only for RC2, which OpenSSL 3 has dropped. */
export async function loadRc2(): Promise<void> {
  loaded ??= (await import('node-forge')).default
}

/** RC2 in CBC mode (RFC 2268); undefined until loaded. `bits` is the key's effective length. */
export function rc2():
  | ((key: Buffer, bits: number, iv: Uint8Array, data: Uint8Array) => Buffer | undefined)
  | undefined {
  const library = loaded
  if (!library) return undefined
  return (key, bits, iv, data) => {
    if (data.length % blockBytes !== 0) return undefined
    const parts: Buffer[] = []
    using _parts = wipedTogether(parts)
    for (let at = 0; at < data.length; at += pieceBytes) {
      const before = at === 0 ? iv : data.subarray(at - blockBytes, at)
      parts.push(decryptPiece(library, { key, bits, iv: before }, data.subarray(at, at + pieceBytes)))
    }
    return withoutPadding(Buffer.concat(parts))
  }
}

const blockBytes = 8
/** node-forge's buffers are strings, with a cost that grows with the square of a piece's length. */
const pieceBytes = 32 * 1024

function decryptPiece(
  library: typeof forge,
  { key, bits, iv }: { key: Uint8Array; bits: number; iv: Uint8Array },
  piece: Uint8Array,
): Buffer {
  const text = (bytes: Uint8Array) => library.util.createBuffer(Buffer.from(bytes).toString('latin1'))
  const cipher = library.rc2.createDecryptionCipher(text(key), bits)
  cipher.start(text(iv))
  cipher.update(text(piece))
  // node-forge's own unpadding does not check the padding.
  cipher.finish(() => true)
  return Buffer.from(cipher.output.getBytes(), 'latin1')
}

/** Removes the padding of RFC 8018, section 6.1.1; undefined if it is wrong, the sign of a wrong key. */
function withoutPadding(padded: Buffer): Buffer | undefined {
  const count = padded[padded.length - 1] ?? 0
  const padding = padded.subarray(padded.length - count)
  return count >= 1 && count <= 8 && padding.every((byte) => byte === count)
    ? padded.subarray(0, padded.length - count)
    : undefined
}
