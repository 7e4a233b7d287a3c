import { EdgekeepError } from './errors.ts'

/**
 * The recovery key as a person writes it down: 160 random bits in eight groups of five characters,
 * of which the last checks its group. It opens the backups of a vault together with their
 * passphrase; the vault has only the public half of the key pair that is derived from it.
 *
 * 160 bits, because X25519 resists about 2^126 operations: more characters would be more to copy by
 * hand and nothing more to guess.
 */
export const RECOVERY_KEY_BYTES = 20

const GROUPS = 8
const CHECKED = 4
const BITS = 5
/** Crockford's base 32: I and L are read as 1 and O as 0, and there is no U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `7Q2MW-…`, eight groups. */
export function formatRecoveryKey(secret: Uint8Array): string {
  const values = valuesOf(secret)
  const groups = Array.from({ length: GROUPS }, (_, group) => {
    const own = values.slice(group * CHECKED, (group + 1) * CHECKED)
    return [...own, checkOf(group, own)].map((value) => ALPHABET[value]).join('')
  })
  return groups.join('-')
}

/**
 * The 20 bytes of what was typed; case, spaces and hyphens do not count. Throws recovery.malformed,
 * which names the group that was mistyped. The caller zeroes the bytes.
 */
export function parseRecoveryKey(text: string): Uint8Array<ArrayBuffer> {
  const typed = lettersOf(text)
  const wanted = GROUPS * (CHECKED + 1)
  if (typed.length !== wanted)
    throw malformed(`it has ${wanted} characters in ${GROUPS} groups, and ${typed.length} were given`)
  const groups = Array.from({ length: GROUPS }, (_, group) =>
    groupOf(typed.slice(group * (CHECKED + 1), (group + 1) * (CHECKED + 1)), group),
  )
  return bytesOf(groups.flat())
}

/** Whether `typed` is the group of that number (from 0) of a recovery key, as `parseRecoveryKey` reads it. */
export function isGroup(recoveryKey: string, group: number, typed: string): boolean {
  return lettersOf(typed) === recoveryKey.split('-')[group]
}

function lettersOf(text: string): string {
  return text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
}

function groupOf(letters: string, group: number): number[] {
  const values = letters.split('').map((letter) => ALPHABET.indexOf(letter))
  const own = values.slice(0, CHECKED)
  if (values.includes(-1) || checkOf(group, own) !== values[CHECKED])
    throw malformed(`group ${group + 1} is mistyped`)
  return own
}

/**
 * A polynomial over GF(2^5) in which each place has its own weight: one wrong character, two that
 * changed places, and two groups that changed places are found.
 */
function checkOf(group: number, values: readonly number[]): number {
  return [group, ...values].reduce((sum, value) => timesTwo(sum ^ value), 0)
}

/** In GF(2^5) with the primitive polynomial x^5 + x^2 + 1. */
function timesTwo(value: number): number {
  const doubled = value << 1
  return doubled & 0b100000 ? doubled ^ 0b100101 : doubled
}

function valuesOf(secret: Uint8Array): number[] {
  const bits = [...secret].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return Array.from({ length: GROUPS * CHECKED }, (_, at) =>
    Number.parseInt(bits.slice(at * BITS, (at + 1) * BITS), 2),
  )
}

function bytesOf(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bits = values.map((value) => value.toString(2).padStart(BITS, '0')).join('')
  return Uint8Array.from({ length: RECOVERY_KEY_BYTES }, (_, at) =>
    Number.parseInt(bits.slice(at * 8, (at + 1) * 8), 2),
  )
}

function malformed(reason: string): EdgekeepError {
  return new EdgekeepError('recovery.malformed', { reason })
}
