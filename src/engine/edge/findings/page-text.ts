import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib'

/** What is read of a page, as it came and as it was before it was compressed. */
export const pageBytes = 512 * 1024

/**
 * The text of a page or of its beginning, byte by byte: what is looked for is ASCII. Null where its
 * coding is not known or it is damaged. Decompressing is done on node's own threads.
 */
export async function pageText(body: Buffer, coding: string): Promise<string | null> {
  if (coding === '' || coding === 'identity') return body.toString('latin1')
  const open = decoders[coding]
  if (!open) return null
  const decoder = open()
  const pieces: Buffer[] = []
  let size = 0
  try {
    decoder.end(body)
    for await (const piece of decoder as AsyncIterable<Buffer>) {
      pieces.push(piece)
      size += piece.length
      // A small body can become a huge one.
      if (size >= pageBytes) break
    }
  } catch {
    // What came before the damage is as good as the beginning of a page.
    if (size === 0) return null
  }
  return Buffer.concat(pieces).toString('latin1').slice(0, pageBytes)
}

/** Each takes a beginning for what it is, and does not insist on the end. */
const gunzip = () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
const decoders: Record<
  string,
  () => ReturnType<typeof createGunzip> | ReturnType<typeof createBrotliDecompress>
> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: () => createInflate({ finishFlush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: () => createZstdDecompress({ finishFlush: constants.ZSTD_e_flush }),
}
