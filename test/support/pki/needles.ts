import { createPrivateKey } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Forms in which a secret could leak, each too long for a coincidence. */
export interface Needles {
  bytes: Buffer[]
  texts: string[]
}

/** Forms of a private key: PEM lines, DER, and its secret numbers in base64, base64url, hex and decimal. */
export function needlesOf(keyPem: string): Needles {
  const key = createPrivateKey(keyPem)
  const der = key.export({ type: 'pkcs8', format: 'der' })
  const { d, p, q } = key.export({ format: 'jwk' })
  const secrets = [d, p, q].flatMap((part) => (part ? [Buffer.from(part, 'base64url')] : []))
  const lines = keyPem.split('\n').filter((line) => line.length >= 40 && !line.startsWith('-----'))
  return { bytes: [der, ...secrets], texts: [...lines, ...secrets.flatMap(spellings)] }
}

function spellings(secret: Buffer): string[] {
  const hex = secret.toString('hex')
  // Base64 of the same bytes looks different at each of the three offsets it can stand at.
  const base64 = [0, 1, 2].map((offset) =>
    secret.subarray(offset).toString('base64').replace(/=+$/, '').slice(0, -2),
  )
  const listed = [...secret.subarray(0, 16)].join(',')
  return [
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    BigInt(`0x${hex}`).toString(),
    listed,
  ]
}

/** Needles found in a text; whitespace and escaped line ends do not hide one. */
export function foundInText(text: string, { texts }: Needles): string[] {
  const flat = text.replaceAll(/\\[nr]|\s/g, '')
  return texts.filter((needle) => text.includes(needle) || flat.includes(needle))
}

export function filesWith(folder: string, needles: Needles): string[] {
  const all = [...needles.bytes, ...needles.texts.map((text) => Buffer.from(text))]
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const content = readFileSync(path)
      return all.some((needle) => content.includes(needle))
    })
}
