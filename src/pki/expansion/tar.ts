import { type TarHeader, unpackTar } from 'modern-tar'
import yauzl from 'yauzl'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { InputFile } from '../formats/read-file.ts'
import type { Allowance } from './allowance.ts'
import { type Entry, mayHoldCertificate } from './entry.ts'

/** Regular files of a tar archive; links, devices and folders are passed over. */
export async function tarEntries({ name, bytes }: InputFile, allowance: Allowance): Promise<Entry[]> {
  const place = { file: name }
  const check = (header: TarHeader) => {
    allowance.countEntries(name, 1)
    if (yauzl.validateFileName(header.name) !== null) throw new EdgekeepError('input.archive_path', { place })
    if (isFile(header)) allowance.spend(name, { bytes: header.size, compressed: header.size })
    return false
  }
  try {
    // The library copies each entry, and nobody could wipe the copies of an archive that is refused later.
    await unpackTar(bytes, { strict: true, filter: check })
    const unpacked = await unpackTar(bytes, { strict: true, filter: isFile })
    return unpacked.flatMap(({ header, data }) => {
      const entry = { name: header.name, bytes: data ?? new Uint8Array(0) }
      if (mayHoldCertificate(entry)) return entry
      entry.bytes.fill(0)
      return []
    })
  } catch (error) {
    if (error instanceof EdgekeepError) throw error
    const data = { place, what: 'tar archive', reason: 'it is damaged or incomplete' }
    throw new EdgekeepError('input.archive_malformed', data, { cause: error })
  }
}

function isFile({ type }: TarHeader): boolean {
  return type === undefined || type === 'file'
}
