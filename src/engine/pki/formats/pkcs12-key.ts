import { hash } from 'node:crypto'
import type { WorkBudget } from '../work-budget.ts'

/** What a derived key is for (RFC 7292, appendix B.3). */
export const pkcs12Purpose = { key: 1, iv: 2, mac: 3 } as const

/** A passphrase as PKCS#12 hashes it: UTF-16 big-endian with its end marked; nothing at all for none. */
export function pkcs12Password(passphrase: string | undefined): Buffer {
  return passphrase === undefined ? Buffer.alloc(0) : Buffer.from(`${passphrase}\0`, 'utf16le').swap16()
}

/** A round in script costs about eight of OpenSSL's HMAC-SHA-256. */
const costOfRound = 8

/** The key derivation of PKCS#12 (RFC 7292, appendix B.2), which OpenSSL has but Node does not offer. */
export function derivePkcs12Key(
  from: { digest: string; password: Buffer; salt: Uint8Array; rounds: number },
  purpose: number,
  length: number,
  budget: WorkBudget,
): Buffer {
  budget.spend(from.rounds, costOfRound)
  const blockLength = from.digest === 'sha384' || from.digest === 'sha512' ? 128 : 64
  const diversifier = Buffer.alloc(blockLength, purpose)
  const input = Buffer.concat([fill(from.salt, blockLength), fill(from.password, blockLength)])
  const parts: Buffer[] = []
  for (let made = 0; made < length;) {
    let part = hash(from.digest, Buffer.concat([diversifier, input]), 'buffer')
    for (let round = 1; round < from.rounds; round++) part = hash(from.digest, part, 'buffer')
    parts.push(part)
    made += part.length
    addToBlocks(input, fill(part, blockLength).subarray(0, blockLength), blockLength)
  }
  input.fill(0)
  return Buffer.concat(parts).subarray(0, length)
}

/** Repeats `bytes` up to a whole number of blocks; nothing stays nothing. */
function fill(bytes: Uint8Array, blockLength: number): Buffer {
  const length = Math.ceil(bytes.length / blockLength) * blockLength
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes)
}

/** Adds `addend` plus one to each block of `input`, as big-endian numbers, in place. */
function addToBlocks(input: Buffer, addend: Buffer, blockLength: number): void {
  for (let start = 0; start < input.length; start += blockLength) {
    let carry = 1
    for (let i = blockLength - 1; i >= 0; i--) {
      carry += (input[start + i] as number) + (addend[i] as number)
      input[start + i] = carry & 0xff
      carry >>= 8
    }
  }
}
