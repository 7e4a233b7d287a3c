import { EdgekeepError } from '../../contract/errors.ts'
import type { Found, Reading } from './found.ts'
import { decodeBase64 } from './base64.ts'
import { limits } from './limits.ts'
import { looksLikePem, scanPem } from './pem.ts'
import { faultError, readBlock } from './read-block.ts'
import { sniffDer } from './read-der.ts'
import { asSingleByteText } from './text-encoding.ts'

/** A file as the caller gave it: `name` is its base name, shown to people. */
export interface InputFile {
  name: string
  bytes: Uint8Array
}

/** Reads every piece of a file. Never throws for what is in it: problems are part of the answer. */
export function readFile(file: InputFile): Reading {
  const place = { file: file.name }
  if (file.bytes.length > limits.fileBytes) {
    return refused(
      new EdgekeepError('input.too_large', {
        place,
        sizeBytes: file.bytes.length,
        limitBytes: limits.fileBytes,
      }),
    )
  }
  const text = asSingleByteText(file.bytes)
  if (looksLikePem(text)) return readPem(text, file.name)
  try {
    const found = readBinary(file) ?? readBareBase64(text, file.name)
    return found
      ? { found: [found], problems: [] }
      : refused(new EdgekeepError('input.nothing_found', { place }))
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    return refused(error)
  }
}

function refused(error: EdgekeepError): Reading {
  return { found: [], problems: [error] }
}

function readPem(text: Buffer, file: string): Reading {
  const { blocks, faults, strayText } = scanPem(text, file)
  const readings = blocks.map((block) => readBlock(strayText ? { ...block, clean: false } : block))
  return {
    found: readings.flatMap(({ found }) => found),
    problems: [...readings.flatMap(({ problems }) => problems), ...faults.map(faultError)],
  }
}

function readBinary(file: InputFile): Found | undefined {
  const der = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength)
  // Every certificate, key, request and list is a SEQUENCE.
  return der[0] === 0x30 ? sniffDer(der, { file: file.name }, 'der') : undefined
}

/** Base64 of DER without its PEM lines, as it is often pasted. */
function readBareBase64(text: Buffer, file: string): Found | undefined {
  if (!text.subarray(0, 64).toString('latin1').trimStart().startsWith('M')) return undefined
  const decoded = decodeBase64(text)
  if ('fault' in decoded) return undefined
  const found = sniffDer(decoded.bytes, { file, line: 1 }, 'messy-pem')
  decoded.bytes.fill(0)
  return found
}
