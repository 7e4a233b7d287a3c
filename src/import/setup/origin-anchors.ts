import { X509Certificate } from 'node:crypto'
import { SecretBytes } from '../../domain/secret-bytes.ts'
import { UnreadableFile } from './bounded-files.ts'
import type { BoundedFiles, FoundAt } from './found.ts'
import type { NoteTaker } from './notes.ts'

const begin = '-----BEGIN CERTIFICATE-----'
const end = '-----END CERTIFICATE-----'
/** Limit of a domain's anchors. */
const mostCharacters = 256 * 1024

/** Bundles of a system, whose roots verify origins here too. */
const systemBundle =
  /^(?:\/etc\/ssl\/certs\/?(?:ca-certificates\.crt)?|\/etc\/ssl\/cert\.pem|\/etc\/pki\/tls\/certs\/ca-bundle\.crt|@system-ca)$/

interface Named {
  at: FoundAt
  /** Name of the directive. */
  what: string
  /** Absolute paths, or PEM. */
  from: string[]
}

/**
 * Trust anchors of an origin as PEM. Null where the program trusts the system's; with a note if they are not all
 * readable, since public authorities then verify the origin, and never nothing.
 */
export function originAnchors(
  { at, what, from }: Named,
  { files, notes }: { files: BoundedFiles; notes: NoteTaker },
): string | null {
  const own = from.filter((path) => !systemBundle.test(path))
  if (own.length === 0) return null
  const found = own.map((each) => certificatesOf(each, files))
  const pem = [...new Set(found.flat())].join('')
  const isWhole = found.every((each) => each.length > 0) && own.length === from.length
  if (isWhole && pem.length <= mostCharacters) return pem
  noteUnknownAnchors(at, what, notes)
  return null
}

export function noteUnknownAnchors(at: FoundAt, what: string, notes: NoteTaker): void {
  const why =
    'The origin is verified by public authorities; name this one with: edgekeep domain set --origin-anchors.'
  notes.differs(at, what, why)
}

/** Certificates of a file that may hold a key too; empty for one that cannot be read. */
function certificatesOf(each: string, files: BoundedFiles): string[] {
  if (each.startsWith('-----BEGIN')) return certificatesIn(Buffer.from(each))
  try {
    using bytes = new SecretBytes(files.bytes(each))
    return certificatesIn(bytes.bytes)
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    return []
  }
}

/** Nothing else of the bytes becomes a string. */
function certificatesIn(bytes: Buffer): string[] {
  const found: string[] = []
  for (let at = bytes.indexOf(begin); at !== -1; at = bytes.indexOf(begin, at + begin.length)) {
    const last = bytes.indexOf(end, at)
    if (last === -1) break
    found.push(...certificateOf(bytes.subarray(at, last + end.length)))
  }
  return found
}

/** One that cannot be read is left out, as a smaller trust. */
function certificateOf(pem: Buffer): string[] {
  try {
    return [new X509Certificate(pem).toString()]
  } catch {
    return []
  }
}
