import { gunzipSync } from 'node:zlib'
import { SecretBytes } from '../../domain/secret-bytes.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { InputFile } from '../formats/read-file.ts'
import { limits } from '../limits.ts'
import type { Allowance } from './allowance.ts'
import type { Entry } from './entry.ts'

/** The one file of a gzip stream, `certs.tgz` as a tar archive. */
export function gzipEntries(file: InputFile, allowance: Allowance): Promise<Entry[]> {
  return Promise.resolve([{ name: '', bytes: gunzipped(file, allowance) }])
}

function gunzipped({ name, bytes }: InputFile, allowance: Allowance): Uint8Array<ArrayBuffer> {
  allowance.spendCompressed(name, bytes.length)
  const allowed = Math.max(limits.archiveRatioFrom, bytes.length * limits.archiveRatio)
  const most = Math.min(allowed, allowance.bytesLeft)
  try {
    using expanded = new SecretBytes(gunzipSync(bytes, { maxOutputLength: most + 1 }))
    allowance.spend(name, { bytes: expanded.bytes.length, compressed: bytes.length })
    return new Uint8Array(expanded.bytes)
  } catch (error) {
    if (error instanceof EdgekeepError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      allowance.spend(name, { bytes: most, compressed: bytes.length })
      throw allowance.error(name, 'it expands to far more than certificates need')
    }
    const data = { place: { file: name }, what: 'gzip file', reason: 'it is damaged or incomplete' }
    throw new EdgekeepError('input.archive_malformed', data, { cause: error })
  }
}
