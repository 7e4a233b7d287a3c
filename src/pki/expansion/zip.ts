import { inflateRawSync } from 'node:zlib'
import yauzl from 'yauzl'
import { SecretBytes } from '../../domain/secret-bytes.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { InputFile } from '../formats/read-file.ts'
import type { Allowance } from './allowance.ts'
import { type Entry, mayHoldCertificate } from './entry.ts'

const stored = 0
const deflated = 8

/**
 * Entries of a zip archive. yauzl reads its directory, and refuses paths that lead out of it; the content is
 * inflated by zlib, which stops at the bound, whatever the directory claims.
 */
export async function zipEntries(file: InputFile, allowance: Allowance): Promise<Entry[]> {
  const place = { file: file.name }
  const view = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength)
  const entries: Entry[] = []
  using refusal = new DisposableStack()
  refusal.defer(() => entries.forEach(({ bytes }) => bytes.fill(0)))
  try {
    const zip = await yauzl.fromBufferPromise(view)
    allowance.countEntries(file.name, zip.entryCount)
    let octets = 0
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue
      octets += entry.compressedSize
      if (octets > view.length) throw allowance.error(file.name, 'its entries overlap')
      const found = { name: entry.fileName, bytes: await contentOf(zip, entry, { file, allowance }) }
      if (mayHoldCertificate(found)) entries.push(found)
      else found.bytes.fill(0)
    }
    refusal.move()
    return entries
  } catch (error) {
    if (error instanceof EdgekeepError) throw error
    throw zipError(error, place)
  }
}

function zipError(error: unknown, place: { file: string }): EdgekeepError {
  const reason = error instanceof Error ? error.message : 'it is damaged'
  if (/^(?:invalid relative path|absolute path|invalid characters in fileName)/.test(reason))
    return new EdgekeepError('input.archive_path', { place }, { cause: error })
  const data = { place, what: 'zip archive', reason: 'it is damaged or incomplete' }
  return new EdgekeepError('input.archive_malformed', data, { cause: error })
}

async function contentOf(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  { file, allowance }: { file: InputFile; allowance: Allowance },
): Promise<Uint8Array<ArrayBuffer>> {
  const { compressionMethod, compressedSize, uncompressedSize } = entry
  const cannot = (reason: string) => {
    const place = { file: file.name }
    return new EdgekeepError('input.archive_malformed', { place, what: 'zip archive', reason })
  }
  if (entry.isEncrypted()) throw cannot('it is encrypted with a password')
  if (compressionMethod !== stored && compressionMethod !== deflated)
    throw cannot(`it is compressed by a method (${compressionMethod}) that is not read here`)
  // An empty deflate stream has two octets; more are blocks that cost time and hold nothing.
  if (uncompressedSize === 0 && compressedSize > 2)
    throw allowance.error(file.name, 'an empty entry has content')
  allowance.spendCompressed(file.name, compressedSize)
  allowance.spend(file.name, { bytes: uncompressedSize, compressed: compressedSize })
  const chunks: Buffer[] = []
  const decompress = compressionMethod === deflated ? false : null
  for await (const chunk of await zip.openReadStreamPromise(entry, { decompress }))
    chunks.push(chunk as Buffer)
  using compressed = new SecretBytes(Buffer.concat(chunks))
  if (compressionMethod === stored) return new Uint8Array(compressed.bytes)
  // One octet is more than zlib takes as a bound of zero.
  using content = new SecretBytes(
    inflateRawSync(compressed.bytes, { maxOutputLength: Math.max(1, uncompressedSize) }),
  )
  return new Uint8Array(content.bytes)
}
