import type { Bundle } from '../../contract/inspect/certificate-facts.ts'
import { createChainFinder, type ChainFinder, type ChainLink } from './chains.ts'
import type { Assembly, IntakePiece } from './intake-piece.ts'

type PieceCertificate = IntakePiece & ChainLink

export function assemble(pieces: IntakePiece[]): Assembly {
  const certificates = pieces.filter(isCertificate)
  const keyByHash = new Map(
    pieces.filter((p) => p.key && !p.duplicate).map((p) => [p.key?.publicKey.spkiSha256, p.id]),
  )
  const finder = createChainFinder(certificates)
  const keyOf = (link: ChainLink) => keyByHash.get(link.certificate.facts.publicKey.spkiSha256) ?? null
  const leaves = findLeaves(certificates, finder, (link) => keyOf(link) !== null)
  const bundles = leaves.map((leaf): Bundle => {
    const { chain, root } = finder.chainOf(leaf)
    return {
      ...{ leaf: leaf.id, chain: chain.map(({ id }) => id), key: keyOf(leaf) },
      ...(root ? { root: root.id } : {}),
    }
  })
  return { bundles, roots: new Set(bundles.flatMap(({ root }) => root ?? [])) }
}

function isCertificate(held: IntakePiece): held is PieceCertificate {
  return held.certificate !== undefined && !held.duplicate
}

/**
 * A certificate is a leaf if its key is present, or if it signed none of the others and is not a CA: one that
 * signed another is its faulty issuer. A CA is
 * a leaf if it has a key and no other certificate has one, if it has a key and looks like a server's, or if
 * it is alone: self-signed certificates marked as CA do get served.
 */
function findLeaves(
  certificates: PieceCertificate[],
  finder: ChainFinder,
  hasKey: (link: ChainLink) => boolean,
): PieceCertificate[] {
  const isCa = ({ certificate }: PieceCertificate) => certificate.facts.isCa
  const hasSigned = (link: PieceCertificate) =>
    certificates.some((other) => isNamedIn(link, other) && finder.issuersOf(other).includes(link))
  const plain = certificates.filter((link) => !isCa(link) && (hasKey(link) || !hasSigned(link)))
  const keyed = plain.filter(hasKey)
  const keyedAuthorities = certificates.filter((certificate) => isCa(certificate) && hasKey(certificate))
  if (keyed.length > 0) {
    const served = keyedAuthorities.filter((link) => mayBeServed(link) && !hasSigned(link))
    return [...keyed, ...served, ...plain.filter((certificate) => !hasKey(certificate))]
  }
  if (keyedAuthorities.length > 0) return [...keyedAuthorities, ...plain]
  if (plain.length > 0) return plain
  const issuers = new Set(certificates.flatMap((link) => finder.issuersOf(link).map(({ id }) => id)))
  const ends = certificates.filter(({ id }) => !issuers.has(id))
  return ends.length === 1 ? ends : []
}

function isNamedIn(issuer: PieceCertificate, other: PieceCertificate): boolean {
  const { facts, issuer: named } = other.certificate
  return other !== issuer && !facts.isSelfSigned && named.key === issuer.certificate.subject.key
}

/** Certificates of `openssl req -x509`: self-signed, and either for hosts or without CA key usage. */
function mayBeServed({ certificate }: PieceCertificate): boolean {
  const { isSelfSigned, names, keyUsage } = certificate.facts
  return isSelfSigned && (names.dns.length + names.ip.length > 0 || keyUsage.length === 0)
}
