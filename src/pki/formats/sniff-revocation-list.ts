import type { Place } from '../../contract/errors/registry.ts'
import { signatureAlgorithmName } from '../facts/algorithm-name.ts'
import type { Found, WrittenAs } from './found.ts'
import { rfc4514 } from '../facts/format-name.ts'
import { extensionLines } from './sniff-request.ts'
import { DerError, type DerElement, inside, readCount, readOne, readTime, tags, toHex } from '../asn1/der.ts'
import { extensionIn, readExtensions } from '../x509/extensions.ts'
import { readListFrame } from '../x509/revocation-list.ts'
import { shown } from '../asn1/strings.ts'

const entriesShown = 20
const reasonLabels: Record<number, string> = {
  0: 'unspecified',
  1: 'key compromise',
  2: 'CA compromise',
  3: 'affiliation changed',
  4: 'superseded',
  5: 'cessation of operation',
  6: 'certificate hold',
  8: 'removed from list',
  9: 'privilege withdrawn',
  10: 'attribute authority compromise',
}

/** A certificate revocation list (RFC 5280, section 5), read leniently; undefined if `der` is none. */
export function sniffRevocationList(der: Uint8Array, place: Place, writtenAs: WrittenAs): Found | undefined {
  try {
    return revocationListPiece({ ...readOne(der, tags.sequence), faults: [] }, place, writtenAs)
  } catch {
    return undefined
  }
}

/** Malformed time of a list whose frame is DER; undefined for every other fault. */
export function listFault(der: Uint8Array): string | undefined {
  try {
    readListFrame({ ...readOne(der, tags.sequence), faults: [] })
    return undefined
  } catch (error) {
    return error instanceof DerError && error.message.startsWith('a time') ? error.message : undefined
  }
}

function revocationListPiece(element: DerElement, place: Place, writtenAs: WrittenAs): Found {
  const { signatureAlgorithm, thisUpdate, nextUpdate, revoked, extensions, ...list } = readListFrame(element)
  const issuer = rfc4514(list.issuer)
  return {
    kind: 'revocation-list',
    revocationListDer: Uint8Array.from(element.bytes),
    place,
    writtenAs,
    title: `Revocation list of ${shown(issuer)}`,
    words: [
      `Issuer: ${issuer}`,
      `Issued: ${dateText(thisUpdate)}`,
      `Next update: ${nextUpdate === undefined ? 'not stated' : dateText(nextUpdate)}`,
      ...(revoked ? revokedLines(revoked) : ['Revoked certificates: 0']),
      `Signature: ${signatureAlgorithmName(signatureAlgorithm)}`,
      ...extensions.flatMap(extensionLines),
    ],
  }
}

const dateText = (time: number) => new Date(time).toISOString()

/** A CRL may have hundreds of thousands of entries: all are counted, the first few are listed. */
function revokedLines(list: DerElement): string[] {
  const lines: string[] = []
  let count = 0
  for (const reader = inside(list); !reader.done; count++) {
    const entry = reader.next(tags.sequence)
    if (count < entriesShown) lines.push(entryLine(entry))
  }
  const more = count > entriesShown ? [`Revoked: … and ${count - entriesShown} more`] : []
  return [`Revoked certificates: ${count}`, ...lines, ...more]
}

function entryLine(entry: DerElement): string {
  const fields = inside(entry)
  const serial = toHex(fields.next(tags.integer).content)
  const at = dateText(readTime(fields.next()))
  const extensions = fields.optional(tags.sequence)
  const code = extensions && extensionIn(readExtensions(extensions), 'reasonCode')
  const reason = code && readCount(readOne(code.value, tags.enumerated))
  const label = reason === undefined ? '' : `, ${reasonLabels[reason] ?? `reason ${reason}`}`
  return `Revoked: serial ${serial} at ${at}${label}`
}
