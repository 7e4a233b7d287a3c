import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import type { Reading } from './found.ts'
import { limits } from '../limits.ts'
import { certificatePiece } from './pieces.ts'
import { sniffRevocationList } from './sniff-revocation-list.ts'
import { readSignedData } from './signed-data.ts'

/** Certificates and revocation lists of a PKCS#7 file; undefined if `der` is none. */
export function sniffPkcs7(der: Uint8Array, place: Place): Reading | undefined {
  const contents = readSignedData(der)
  if (!contents) return undefined
  const reading: Reading = {
    found: [{ kind: 'archive', place, writtenAs: 'pkcs7', title: 'PKCS#7 certificate collection' }],
    problems: [],
  }
  for (const certificate of contents.certificates.slice(0, limits.pieces))
    take(certificate, entryPlace(place, reading), reading)
  for (const list of contents.revocationLists.slice(0, limits.pieces)) {
    const piece = sniffRevocationList(list, entryPlace(place, reading), 'pkcs7')
    if (piece) reading.found.push(piece)
  }
  return reading
}

function take(certificate: Buffer, place: Place, { found, problems }: Reading): void {
  try {
    found.push(certificatePiece(certificate, place, 'pkcs7'))
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    problems.push(error)
  }
}

/** Entries of a binary file are numbered like the blocks of a text. */
function entryPlace(place: Place, { found, problems }: Reading): Place {
  return place.block === undefined ? { ...place, block: found.length + problems.length } : place
}
