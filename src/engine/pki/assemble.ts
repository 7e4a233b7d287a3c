import type { Bundle } from '../../contract/certificate-facts.ts'
import { createChainFinder, type ChainFinder, type ChainLink } from './chains.ts'
import type { Assembly, Held } from './held.ts'

type HeldCertificate = Held & ChainLink

/** Puts leaves, their chains and their keys together. */
export function assemble(pieces: Held[]): Assembly {
  const certificates = pieces.filter(isCertificate)
  const keyByHash = new Map(
    pieces.filter((p) => p.key && !p.duplicate).map((p) => [p.key?.publicKey.spkiSha256, p.id]),
  )
  const finder = createChainFinder(certificates)
  const keyOf = (link: ChainLink) => keyByHash.get(link.certificate.facts.publicKey.spkiSha256) ?? null
  const leaves = findLeaves(certificates, finder, (link) => keyOf(link) !== null)
  const roots = new Set<string>()
  const bundles = leaves.map((leaf): Bundle => {
    const { chain, root } = finder.chainOf(leaf)
    if (root) roots.add(root.id)
    return { leaf: leaf.id, chain: chain.map(({ id }) => id), key: keyOf(leaf) }
  })
  return { bundles, roots }
}

function isCertificate(held: Held): held is HeldCertificate {
  return held.certificate !== undefined && !held.duplicate
}

/**
 * A certificate is a leaf when its key is here, or when it signed none of the others and is no
 * authority. An authority is one when it has a key and no other certificate has, or when nothing
 * else is: people serve self-signed certificates that call themselves authorities.
 */
function findLeaves(
  certificates: HeldCertificate[],
  finder: ChainFinder,
  hasKey: (link: ChainLink) => boolean,
): HeldCertificate[] {
  const isCa = ({ certificate }: HeldCertificate) => certificate.facts.isCa
  const plain = certificates.filter((certificate) => !isCa(certificate))
  const keyed = plain.filter(hasKey)
  if (keyed.length > 0) return [...keyed, ...plain.filter((certificate) => !hasKey(certificate))]
  const keyedAuthorities = certificates.filter((certificate) => isCa(certificate) && hasKey(certificate))
  if (keyedAuthorities.length > 0) return [...keyedAuthorities, ...plain]
  if (plain.length > 0) return plain
  const issuers = new Set(certificates.flatMap((link) => finder.issuersOf(link).map(({ id }) => id)))
  const ends = certificates.filter(({ id }) => !issuers.has(id))
  return ends.length === 1 ? ends : []
}
