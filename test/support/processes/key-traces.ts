import { createPrivateKey } from 'node:crypto'

/** Byte strings of a private key that a process may have in memory, each too long for a coincidence. */
export interface KeyTraces {
  /** Search patterns by name, such as `d, little-endian`. */
  byName: Map<string, Buffer>
}

/** Too long for a coincidence, and short, because half of a number is a trace too. */
const traceBytes = 16

/**
 * The forms of a private key: the lines of its PEM text, its DER, and its secret numbers as they are
 * written (big-endian) and as OpenSSL computes with them (limbs, which on these machines is
 * little-endian), the first and the last bytes of each apart.
 */
export function tracesOf(keyPem: string): KeyTraces {
  const key = createPrivateKey(keyPem)
  const { d, p, q, dp, dq, qi } = key.export({ format: 'jwk' })
  const byName = new Map<string, Buffer>()
  const put = (name: string, bytes: Buffer): void => {
    byName.set(`${name}, begin`, bytes.subarray(0, traceBytes))
    byName.set(`${name}, end`, bytes.subarray(-traceBytes))
  }
  const der = key.export({ type: 'pkcs8', format: 'der' })
  for (const [name, text] of Object.entries({ d, p, q, dp, dq, qi })) {
    if (!text) continue
    const bytes = Buffer.from(text, 'base64url')
    put(`${name} big-endian`, bytes)
    put(`${name} little-endian`, Buffer.from(bytes).reverse())
    const at = der.indexOf(bytes)
    byName.set(`${name} in DER`, der.subarray(at - 4, at + traceBytes))
    for (const { line, characters } of inPem(der, at, bytes.length))
      byName.set(`${name} in line ${line} of PEM`, characters)
  }
  return { byName }
}

const bytesOfLine = 48

/** The part of each line that stands for secret bytes alone: the public key is in the certificate too. */
function inPem(der: Buffer, at: number, length: number): { line: number; characters: Buffer }[] {
  const lines = Array.from({ length: Math.ceil(der.length / bytesOfLine) }, (_, index) => index)
  return lines.flatMap((index) => {
    const start = index * bytesOfLine
    const from = start + Math.ceil((Math.max(at, start) - start) / 3) * 3
    const to = start + Math.floor((Math.min(at + length, start + bytesOfLine) - start) / 3) * 3
    const characters = Buffer.from(der.subarray(from, Math.max(from, to)).toString('base64'))
    return characters.length < traceBytes ? [] : [{ line: index + 1, characters }]
  })
}
