import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import type { Found, Reading } from './found.ts'

interface ForeignFormat {
  starts: Buffer
  kind: Found['kind']
  what: string
  advice: string
}

/** Unsupported formats for keys, by their first bytes. */
const formats: ForeignFormat[] = [
  {
    starts: Buffer.from('PuTTY-User-Key-File-', 'latin1'),
    kind: 'unknown',
    what: 'PuTTY private key',
    advice: 'PuTTYgen can save it as an OpenSSH key, and keys for SSH are seldom those of a certificate',
  },
]

/** Recognises a file in an unsupported format, and explains how to convert it; else undefined. */
export function foreignFormat(bytes: Buffer, place: Place): Reading | undefined {
  const format = formats.find(({ starts }) => bytes.subarray(0, starts.length).equals(starts))
  if (!format) return undefined
  const { kind, what, advice } = format
  const piece: Found = { kind, place, writtenAs: 'messy-pem', title: what }
  const reason = `this form is not read here; ${advice}`
  return { found: [piece], problems: [new EdgekeepError('input.malformed', { place, what, reason })] }
}
