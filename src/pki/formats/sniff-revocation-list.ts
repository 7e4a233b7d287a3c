import type { Place } from '../../contract/errors/registry.ts'
import { signatureAlgorithmName } from '../facts/algorithm-name.ts'
import { type OutlineExtension, readExtensionList } from '../facts/certificate-outline.ts'
import type { Found, WrittenAs } from './found.ts'
import { rfc4514 } from '../facts/format-name.ts'
import { extensionLines } from './sniff-request.ts'
import { readAlgorithm } from '../x509/algorithms.ts'
import {
  type DerElement,
  type DerReader,
  explicitTag,
  inside,
  readCount,
  readOne,
  readTime,
  tags,
  toHex,
} from '../asn1/der.ts'
import { readName } from '../x509/distinguished-name.ts'
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

/** A certificate revocation list (RFC 5280, section 5); undefined if `der` is none. */
export function sniffRevocationList(der: Uint8Array, place: Place, writtenAs: WrittenAs): Found | undefined {
  try {
    return revocationListPiece(readOne(der, tags.sequence), place, writtenAs)
  } catch {
    return undefined
  }
}

function revocationListPiece(element: DerElement, place: Place, writtenAs: WrittenAs): Found {
  const fields = inside(inside(element).next(tags.sequence))
  fields.optional(tags.integer)
  const algorithm = readAlgorithm(fields.next(tags.sequence))
  const issuer = rfc4514(readName(fields.next(tags.sequence)))
  const issued = dateText(fields.next())
  const next = fields.peekTag() === tags.sequence || fields.done ? undefined : timeOrNothing(fields)
  const revoked = fields.optional(tags.sequence)
  const extensions = fields.optional(explicitTag(0))
  return {
    kind: 'revocation-list',
    revocationListDer: Uint8Array.from(element.bytes),
    place,
    writtenAs,
    title: `Revocation list of ${shown(issuer)}`,
    words: [
      `Issuer: ${issuer}`,
      `Issued: ${issued}`,
      `Next update: ${next ?? 'not stated'}`,
      ...(revoked ? revokedLines(revoked) : ['Revoked certificates: 0']),
      `Signature: ${signatureAlgorithmName(algorithm)}`,
      ...(extensions
        ? readExtensionList(readOne(extensions.content, tags.sequence)).flatMap(extensionLines)
        : []),
    ],
  }
}

const dateText = (element: DerElement) => new Date(readTime(element)).toISOString()

function timeOrNothing(fields: DerReader): string | undefined {
  const tag = fields.peekTag()
  return tag === tags.utcTime || tag === tags.generalizedTime ? dateText(fields.next()) : undefined
}

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
  const at = dateText(fields.next())
  const extensions = fields.optional(tags.sequence)
  const reason = extensions && readExtensionList(extensions).find(({ oid }) => oid === '2.5.29.21')
  return `Revoked: serial ${serial} at ${at}${reason ? `, ${reasonText(reason)}` : ''}`
}

function reasonText({ value }: OutlineExtension): string {
  const reason = readCount(readOne(value, tags.enumerated))
  return reasonLabels[reason] ?? `reason ${reason}`
}
