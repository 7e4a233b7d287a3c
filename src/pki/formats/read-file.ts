import { SecretBytes } from '../../domain/secret-bytes.ts'
import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import { decodeBase64 } from '../asn1/base64.ts'
import { foreignFormat } from './foreign-formats.ts'
import type { Reading } from './found.ts'
import { readJavaKeystore } from './java-keystore.ts'
import { limits } from '../limits.ts'
import { openSshPublicKey } from './openssh.ts'
import { looksLikePem, scanPem } from '../asn1/pem.ts'
import { one } from './pieces.ts'
import { faultError, readBlock } from './read-block.ts'
import { sniffDer } from './read-der.ts'
import { asSingleByteText } from './text-encoding.ts'
import type { WorkBudget } from '../work-budget.ts'

/** An input file: `name` is its base name, for display. */
export interface InputFile {
  name: string
  bytes: Uint8Array
}

/** Reads every piece of a file. Never throws for its content: problems are part of the result. */
export function readFile(file: InputFile, budget: WorkBudget): Reading {
  const place = { file: file.name }
  const sizeBytes = file.bytes.length
  if (sizeBytes > limits.fileBytes) {
    return refused(new EdgekeepError('input.too_large', { place, sizeBytes, limitBytes: limits.fileBytes }))
  }
  using decoded = asSingleByteText(file.bytes)
  const { text } = decoded
  try {
    if (looksLikePem(text)) return readPem(text, file.name, budget)
    return readBinary(file, budget) ?? readBareText(text, file.name, budget) ?? refused(nothingIn(place))
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    return refused(error)
  }
}

function refused(error: EdgekeepError): Reading {
  return { found: [], problems: [error] }
}

function nothingIn(place: Place): EdgekeepError {
  return new EdgekeepError('input.nothing_found', { place })
}

function readPem(text: Buffer, file: string, budget: WorkBudget): Reading {
  const { blocks, faults, strayText } = scanPem(text, file)
  const readings = blocks.map((block) => readBlock(strayText ? { ...block, clean: false } : block, budget))
  const found = readings.flatMap((reading) => reading.found)
  const problems = [...readings.flatMap((reading) => reading.problems), ...faults.map(faultError)]
  const isStrange = problems.length === 0 && found.every(({ kind }) => kind === 'unknown')
  return { found, problems: isStrange ? [nothingIn({ file })] : problems }
}

function readBinary(file: InputFile, budget: WorkBudget): Reading | undefined {
  const der = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength)
  // Every certificate, key, request, list and archive is a SEQUENCE.
  const place = { file: file.name }
  return der[0] === 0x30
    ? sniffDer(der, place, 'der', budget)
    : (readJavaKeystore(der, place) ?? foreignFormat(der, place))
}

/** Reads base64 of DER without PEM lines, as it is often pasted, or a line of OpenSSH. */
function readBareText(text: Buffer, file: string, budget: WorkBudget): Reading | undefined {
  const place = { file, line: 1 }
  const publicKey = openSshPublicKey(text, place)
  if (publicKey) return one(publicKey)
  // The base64 of every SEQUENCE begins with it. A possible key must not become a string.
  if (text.find((byte) => byte > 0x20) !== 'M'.charCodeAt(0)) return undefined
  const decoded = decodeBase64(text)
  if ('fault' in decoded) return undefined
  using der = new SecretBytes(decoded.bytes)
  return sniffDer(der.bytes, place, 'messy-pem', budget)
}
