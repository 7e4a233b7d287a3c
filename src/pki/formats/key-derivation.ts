import { hash, pbkdf2Sync, scryptSync } from 'node:crypto'
import { limits } from '../limits.ts'

export type Derivation =
  /** RFC 8018, section 5.2. */
  | { kind: 'pbkdf2'; digest: string; password: Buffer; salt: Buffer; rounds: number; length: number }
  /** RFC 7914. */
  | {
      kind: 'scrypt'
      password: Buffer
      salt: Buffer
      cost: number
      block: number
      parallel: number
      length: number
    }
  /** RFC 7292, appendix B.2; `purpose` as in its appendix B.3. */
  | {
      kind: 'pkcs12'
      digest: string
      password: Buffer
      salt: Buffer
      rounds: number
      purpose: number
      length: number
    }
  /** Iterated hash: of `start`, then each time of the result and `suffix` (PBKDF1 of RFC 8018, and JCEKS). */
  | { kind: 'chain'; digest: string; start: Buffer; suffix: Buffer; rounds: number }

/**
 * Cost of a round of PBKDF2 as a multiple of one with SHA-256, and of a JavaScript round in the same unit.
 */
const costOfDigest: ReadonlyMap<string, number> = new Map([
  ['sha384', 3],
  ['sha512', 3],
])
export const costInScript = 8

/** Work in rounds of HMAC-SHA-256, and the number of requested rounds. */
export function costOf(derivation: Derivation): { rounds: number; work: number } {
  switch (derivation.kind) {
    case 'pbkdf2':
      return {
        rounds: derivation.rounds,
        work: derivation.rounds * (costOfDigest.get(derivation.digest) ?? 1),
      }
    case 'scrypt': {
      const work = derivation.cost * derivation.block * derivation.parallel
      return { rounds: work, work }
    }
    case 'pkcs12':
      return { rounds: derivation.rounds, work: derivation.rounds * costInScript * blocksOf(derivation) }
    case 'chain':
      return { rounds: derivation.rounds, work: derivation.rounds * costInScript }
  }
}

function blocksOf({ digest, length }: { digest: string; length: number }): number {
  return Math.ceil(length / hash(digest, '', 'buffer').length)
}

/** Derives on this thread. The caller zeroes the result. */
export function deriveNow(derivation: Derivation): Buffer {
  switch (derivation.kind) {
    case 'pbkdf2': {
      const { password, salt, rounds, length, digest } = derivation
      return pbkdf2Sync(password, salt, rounds, length, digest)
    }
    case 'scrypt': {
      const { password, salt, length } = derivation
      return scryptSync(password, salt, length, scryptOptions(derivation))
    }
    default:
      return hashRounds(derivation, (digest, bytes) => hash(digest, bytes, 'buffer'))
  }
}

export function scryptOptions({ cost, block, parallel }: Extract<Derivation, { kind: 'scrypt' }>) {
  return { cost, blockSize: block, parallelization: parallel, maxmem: limits.scryptBytes }
}

/**
 * Derivations that Node does not offer, hash by hash. Must not reference this module, because its source is
 * also the code of the derivation thread; `onRounds` is called every 20,000 rounds.
 */
export function hashRounds(
  derivation: Extract<Derivation, { kind: 'pkcs12' | 'chain' }>,
  hashOf: (digest: string, bytes: Uint8Array) => Buffer,
  onRounds: (count: number) => void = () => undefined,
): Buffer {
  const each = 20_000
  const { digest, rounds } = derivation
  const repeat = (first: Buffer, suffix?: Buffer): Buffer => {
    let value = first
    for (let round = 1; round < rounds; round++) {
      value = hashOf(digest, suffix ? Buffer.concat([value, suffix]) : value)
      if (round % each === 0) onRounds(each)
    }
    onRounds(rounds - Math.floor((rounds - 1) / each) * each)
    return value
  }
  if (derivation.kind === 'chain') return repeat(hashOf(digest, derivation.start), derivation.suffix)

  const blockLength = digest === 'sha384' || digest === 'sha512' ? 128 : 64
  /** Repeats to a whole number of blocks; empty stays empty. */
  const fill = (bytes: Uint8Array): Buffer => {
    return Buffer.alloc(Math.ceil(bytes.length / blockLength) * blockLength, bytes)
  }
  const diversifier = Buffer.alloc(blockLength, derivation.purpose)
  const input = Buffer.concat([fill(derivation.salt), fill(derivation.password)])
  const parts: Buffer[] = []
  for (let made = 0; made < derivation.length;) {
    const part = repeat(hashOf(digest, Buffer.concat([diversifier, input])))
    parts.push(part)
    made += part.length
    const addend = fill(part)
    for (let start = 0; start < input.length; start += blockLength) {
      // Each block plus the addend plus one, as big-endian numbers.
      let carry = 1
      for (let at = blockLength - 1; at >= 0; at--) {
        carry += (input[start + at] ?? 0) + (addend[at] ?? 0)
        input[start + at] = carry & 0xff
        carry >>= 8
      }
    }
  }
  input.fill(0)
  return Buffer.concat(parts).subarray(0, derivation.length)
}

/** Purposes of a derived key (RFC 7292, appendix B.3). */
export const pkcs12Purpose = { key: 1, iv: 2, mac: 3 } as const

/** Encodes a passphrase for PKCS#12: UTF-16 big-endian with a terminator; empty for none. */
export function pkcs12Password(passphrase: string | undefined): Buffer {
  return passphrase === undefined ? Buffer.alloc(0) : Buffer.from(`${passphrase}\0`, 'utf16le').swap16()
}
