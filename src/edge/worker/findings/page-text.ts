import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib'

/** Limit of a page's bytes, compressed and decompressed. */
export const pageBytes = 512 * 1024

const pieceBytes = 16 * 1024

/** Unsupported coding, or data damaged from the beginning. */
export class UnreadablePage extends Error {
  override name = 'UnreadablePage'
}

/**
 * Yields a page or its beginning in small pieces, at most `pageBytes` and one more byte, which shows that the
 * page is longer. Decompression runs on Node's own threads.
 *
 * @throws UnreadablePage
 */
export async function* pagePieces(body: Buffer, coding: string): AsyncGenerator<Buffer> {
  if (coding === '' || coding === 'identity') return yield* cut(body)
  const open = decoders.get(coding)
  if (!open) throw new UnreadablePage()
  yield* unpacked(body, open())
}

function* cut(body: Buffer): Generator<Buffer> {
  const end = Math.min(body.length, pageBytes + 1)
  for (let at = 0; at < end; at += pieceBytes) yield body.subarray(at, Math.min(at + pieceBytes, end))
}

async function* unpacked(body: Buffer, decoder: Decoder): AsyncGenerator<Buffer> {
  let left = pageBytes + 1
  try {
    decoder.end(body)
    // A small body can be a decompression bomb: it is read only up to the limit.
    for await (const piece of decoder as AsyncIterable<Buffer>) {
      yield piece.subarray(0, left)
      left -= piece.length
      if (left <= 0) break
    }
  } catch (cause) {
    // Data before the damage counts as the beginning of a page.
    if (left > pageBytes) throw new UnreadablePage('', { cause })
  }
}

type Decoder = ReturnType<typeof createGunzip> | ReturnType<typeof createBrotliDecompress>

/** Decoders that accept truncated input. */
const gunzip = () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: pieceBytes })
const decoders = new Map<string, () => Decoder>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', () => createInflate({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: pieceBytes })],
  [
    'br',
    () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH, chunkSize: pieceBytes }),
  ],
  [
    'zstd',
    () =>
      createZstdDecompress({
        finishFlush: constants.ZSTD_e_flush,
        chunkSize: pieceBytes,
        // RFC 9659, section 3: a content coding needs a window of 8 MB at the most.
        params: { [constants.ZSTD_d_windowLogMax]: 23 },
      }),
  ],
])
