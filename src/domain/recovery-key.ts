import { EdgekeepError } from '../contract/errors/registry.ts'

/**
 * Recovery key in its written form: 160 random bits in eight groups of five characters, the last of which is
 * the group's check character. It opens the backups of a vault together with their passphrase; the vault has
 * only the public half of the key pair derived from it. 160 bits, because X25519 resists about 2^126
 * operations: more characters would not add security.
 */
export const recoveryKeyBytes = 20

const groupCount = 8
const checked = 4
const bitsPerLetter = 5
/** Crockford's base 32: I and L are read as 1 and O as 0, and there is no U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `7Q2MW-…`, eight groups. */
export function formatRecoveryKey(secret: Uint8Array): string {
  const values = valuesOf(secret)
  const groups = Array.from({ length: groupCount }, (_, group) => {
    const own = values.slice(group * checked, (group + 1) * checked)
    return [...own, checkOf(group, own)].map((value) => alphabet[value]).join('')
  })
  return groups.join('-')
}

/**
 * Parses a typed key into its 20 bytes; case, spaces and hyphens do not count. The caller zeroes the bytes.
 * @throws `recovery.malformed`, which names the mistyped group
 */
export function parseRecoveryKey(text: string): Uint8Array<ArrayBuffer> {
  const typed = lettersOf(text)
  const wanted = groupCount * (checked + 1)
  if (typed.length !== wanted)
    throw malformed(`it has ${wanted} characters in ${groupCount} groups, and ${typed.length} were given`)
  const groups = Array.from({ length: groupCount }, (_, group) =>
    groupOf(typed.slice(group * (checked + 1), (group + 1) * (checked + 1)), group),
  )
  return bytesOf(groups.flat())
}

/** Checks `typed` against one group (from 0) of a recovery key, read like `parseRecoveryKey` does. */
export function isGroup(recoveryKey: string, group: number, typed: string): boolean {
  return lettersOf(typed) === recoveryKey.split('-')[group]
}

function lettersOf(text: string): string {
  return text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
}

function groupOf(letters: string, group: number): number[] {
  const values = letters.split('').map((letter) => alphabet.indexOf(letter))
  const own = values.slice(0, checked)
  if (values.includes(-1) || checkOf(group, own) !== values[checked])
    throw malformed(`group ${group + 1} is mistyped`)
  return own
}

/**
 * Check character by a polynomial over GF(2^5) with a weight per place: it finds one wrong character, two
 * swapped characters, and two swapped groups.
 */
function checkOf(group: number, values: readonly number[]): number {
  return [group, ...values].reduce((sum, value) => timesTwo(sum ^ value), 0)
}

/** Doubles in GF(2^5) with the primitive polynomial x^5 + x^2 + 1. */
function timesTwo(value: number): number {
  const doubled = value << 1
  return doubled & 0b100000 ? doubled ^ 0b100101 : doubled
}

function valuesOf(secret: Uint8Array): number[] {
  const bits = [...secret].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return Array.from({ length: groupCount * checked }, (_, at) =>
    Number.parseInt(bits.slice(at * bitsPerLetter, (at + 1) * bitsPerLetter), 2),
  )
}

function bytesOf(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bits = values.map((value) => value.toString(2).padStart(bitsPerLetter, '0')).join('')
  return Uint8Array.from({ length: recoveryKeyBytes }, (_, at) =>
    Number.parseInt(bits.slice(at * 8, (at + 1) * 8), 2),
  )
}

function malformed(reason: string): EdgekeepError {
  return new EdgekeepError('recovery.malformed', { reason })
}
