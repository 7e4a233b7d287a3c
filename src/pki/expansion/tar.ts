import { unpackTar } from 'modern-tar'
import yauzl from 'yauzl'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { InputFile } from '../formats/read-file.ts'
import type { Allowance } from './allowance.ts'
import { type Entry, mayHoldCertificate } from './entry.ts'

/** Regular files of a tar archive; links, devices and folders are passed over. */
export async function tarEntries({ name, bytes }: InputFile, allowance: Allowance): Promise<Entry[]> {
  const place = { file: name }
  try {
    const unpacked = await unpackTar(bytes, {
      strict: true,
      filter: (header) => {
        allowance.countEntries(name, 1)
        if (yauzl.validateFileName(header.name) !== null)
          throw new EdgekeepError('input.archive_path', { place })
        if (header.type !== undefined && header.type !== 'file') return false
        allowance.spend(name, { bytes: header.size, compressed: header.size })
        return true
      },
    })
    return unpacked
      .map((entry) => ({ name: entry.header.name, bytes: new Uint8Array(entry.data ?? []) }))
      .filter(mayHoldCertificate)
  } catch (error) {
    if (error instanceof EdgekeepError) throw error
    const data = { place, what: 'tar archive', reason: 'it is damaged or incomplete' }
    throw new EdgekeepError('input.archive_malformed', data, { cause: error })
  }
}
