import type { Bundle, IntakeReport } from '../../contract/inspect/certificate-facts.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { ReadCertificate } from '../facts/certificate.ts'
import type { Assembly, IntakePiece } from './intake-piece.ts'
import { signsFor } from './key-pair.ts'
import { limits } from '../limits.ts'
import { servingFault } from './serving-rules.ts'

/** The one servable bundle, or the error why there is none. */
export type Verdict = { servable: Bundle } | { notServable: EdgekeepError }

/** Decides which bundle can be served; `problems` are those of reading. */
export function decide(pieces: IntakePiece[], assembly: Assembly, problems: EdgekeepError[]): Verdict {
  const certificates = pieces.filter((piece) => piece.certificate)
  const fault =
    certificates.length === 0 ? noCertificate(pieces, problems) : keylessFault(pieces, assembly, problems)
  if (fault) return { notServable: fault }
  const keyed = assembly.bundles.filter(({ key }) => key !== null)
  const [bundle, another] = keyed
  if (!bundle) return { notServable: new EdgekeepError('certificate.no_private_key', {}) }
  if (another) return { notServable: severalLeaves(pieces, keyed) }
  const broken = bundleFault(pieces, bundle)
  return broken ? { notServable: broken } : { servable: bundle }
}

function noCertificate(pieces: IntakePiece[], problems: EdgekeepError[]): EdgekeepError {
  const [first] = problems
  const archive = pieces.find(({ kind, locked }) => kind === 'archive' && locked)
  if (archive) return lockedFault(archive, problems)
  const ofCertificate = problems.find(({ code }) => code.startsWith('certificate.'))
  if (ofCertificate) return ofCertificate
  if (first && pieces.every(({ kind }) => kind === 'archive' || kind === 'unknown')) return first
  return new EdgekeepError('certificate.missing', {})
}

/** Reason why no key matches a certificate, or undefined if one does. */
function keylessFault(
  pieces: IntakePiece[],
  assembly: Assembly,
  problems: EdgekeepError[],
): EdgekeepError | undefined {
  if (assembly.bundles.some(({ key }) => key !== null)) return undefined
  const locked = pieces.find((piece) => piece.locked)
  if (locked) return lockedFault(locked, problems)
  const match = compareKeys(pieces, assembly)
  if (match) {
    const { certificateSpkiSha256, keySpkiSha256 } = match
    return new EdgekeepError('key.mismatch', { certificateSpkiSha256, keySpkiSha256 })
  }
  return (
    problems.find(({ code }) => code.startsWith('key.')) ??
    new EdgekeepError('certificate.no_private_key', {})
  )
}

/** Requests a passphrase, or reports that the last one was wrong or of no use. */
function lockedFault(locked: IntakePiece, problems: EdgekeepError[]): EdgekeepError {
  const tried = problems.find(
    ({ code }) => code === 'key.wrong_passphrase' || code === 'key.unsupported_encryption',
  )
  return tried ?? new EdgekeepError('key.encrypted', { place: locked.place })
}

function severalLeaves(pieces: IntakePiece[], keyed: Bundle[]): EdgekeepError {
  const titles = keyed.map(({ leaf }) => certificateOf(pieces, leaf).facts.title)
  return new EdgekeepError('certificate.several_leaves', { subjects: titles })
}

/** Reason why a bundle with its key cannot be served; `pieces` are its pieces or more. */
export function bundleFault(pieces: IntakePiece[], { leaf, chain, key }: Bundle): EdgekeepError | undefined {
  if (chain.length > limits.chainLength) {
    return new EdgekeepError('certificate.too_long', {
      count: chain.length + 1,
      limit: limits.chainLength + 1,
    })
  }
  const links = [leaf, ...chain].map((id) => pieces.find((piece) => piece.id === id) as IntakePiece)
  const keyPiece = pieces.find(({ id }) => id === key)
  return servingFault(links, keyPiece?.place) ?? pairFault(links[0], keyPiece)
}

function pairFault(
  leaf: IntakePiece | undefined,
  keyPiece: IntakePiece | undefined,
): EdgekeepError | undefined {
  if (!leaf?.certificate || !keyPiece?.key) return undefined
  const { publicKey } = leaf.certificate
  if (publicKey && signsFor(keyPiece.key, publicKey)) return undefined
  const reason = 'its private half does not belong to the public half that it names'
  return new EdgekeepError('key.malformed', { place: keyPiece.place, reason })
}

function certificateOf(pieces: IntakePiece[], id: string): ReadCertificate {
  return pieces.find((piece) => piece.id === id)?.certificate as ReadCertificate
}

/** Key match for display: of the bundle with a key, else of the first leaf and the first key. */
export function compareKeys(pieces: IntakePiece[], { bundles }: Assembly): IntakeReport['keyMatch'] {
  const bundle = bundles.find(({ key }) => key !== null) ?? bundles[0]
  const key = pieces.find((piece) => (bundle?.key ? piece.id === bundle.key : piece.key))?.key
  const certificate = bundle && pieces.find(({ id }) => id === bundle.leaf)?.certificate
  if (!certificate || !key) return null
  const certificateSpkiSha256 = certificate.facts.publicKey.spkiSha256
  const keySpkiSha256 = key.publicKey.spkiSha256
  return { matches: certificateSpkiSha256 === keySpkiSha256, certificateSpkiSha256, keySpkiSha256 }
}
