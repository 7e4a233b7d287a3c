import type { Bundle, Fix } from '../../contract/inspect/certificate-facts.ts'
import { formatPlace } from '../../contract/errors/registry.ts'
import { binaryForms, type Assembly, type IntakePiece } from './intake-piece.ts'
import { keyFormIn } from '../formats/private-key.ts'

/** Conversions that made clean PEM of the input, a sentence each. */
export function fixesOf(pieces: IntakePiece[], assembly: Assembly, bundle: Bundle | undefined): Fix[] {
  const used = pieces.filter(({ id }) => bundle && [bundle.leaf, ...bundle.chain, bundle.key].includes(id))
  const each = (
    kind: Fix['kind'],
    some: IntakePiece[],
    message: (piece: IntakePiece, where: string) => string,
  ) => some.map((piece): Fix => ({ kind, message: message(piece, formatPlace(piece.place)) }))
  return [
    ...each(
      'duplicate-removed',
      pieces.filter(({ duplicate }) => duplicate),
      ({ title }, where) => `${title} in ${where} was there already; it is taken once.`,
    ),
    ...each(
      'root-removed',
      pieces.filter(({ id }) => assembly.roots.has(id)),
      ({ title }, where) => `${title} in ${where} is a root; it is left out, as every client has its own.`,
    ),
    ...(bundle ? reordered(used, bundle) : []),
    ...each(
      'parameters-removed',
      pieces.filter(isEcParameters),
      (_, where) => `EC PARAMETERS in ${where} were left out; the key names its curve itself.`,
    ),
    ...each(
      'decrypted',
      used.filter(({ key, wasLocked }) => key && wasLocked),
      (_, where) => `The private key in ${where} was opened with its passphrase.`,
    ),
    ...each(
      'converted',
      used.filter(isConverted),
      (piece, where) => `${piece.title} in ${where} was converted from ${conversionOf(piece)}.`,
    ),
    ...rewrapped(used),
    ...each(
      'unrelated-left-out',
      bundle ? leftOut(pieces, assembly, used) : [],
      // Another authority may be above an intermediate that is not here.
      ({ title, certificate }, where) =>
        `${title} in ${where} ${certificate?.facts.isCa ? 'is not in the chain of' : 'does not belong to'} this certificate and is left out.`,
    ),
  ]
}

function reordered(used: IntakePiece[], bundle: Bundle): Fix[] {
  const wanted = [bundle.leaf, ...bundle.chain]
  const given = used.filter(({ certificate }) => certificate).map(({ id }) => id)
  if (given.join() === wanted.join()) return []
  const message =
    'The certificates were put in order: the leaf first, then each one that signed the one before.'
  return [{ kind: 'reordered', message }]
}

const isEcParameters = (piece: IntakePiece) => piece.kind === 'parameters' && piece.title.startsWith('EC')

const isConverted = ({ writtenAs, key }: IntakePiece) =>
  binaryForms.has(writtenAs) || (key !== undefined && !key.title.endsWith('(PKCS#8)'))

function conversionOf({ writtenAs, key }: IntakePiece): string {
  return `${binaryForms.get(writtenAs) ?? keyFormIn(key?.title)} to ${key ? 'PKCS#8' : 'PEM'}`
}

function rewrapped(used: IntakePiece[]): Fix[] {
  const messy = used.filter(({ writtenAs }) => writtenAs === 'messy-pem')
  if (messy.length === 0) return []
  const where = [...new Set(messy.map(({ place }) => place.file ?? 'the input'))].join(', ')
  const message = `The text of ${where} is reformatted: its PEM blocks alone, in lines of 64 characters.`
  return [{ kind: 'rewrapped', message }]
}

function leftOut(pieces: IntakePiece[], assembly: Assembly, used: IntakePiece[]): IntakePiece[] {
  return pieces
    .filter((piece) => (piece.certificate || piece.key) && !piece.duplicate)
    .filter((piece) => !used.includes(piece) && !assembly.roots.has(piece.id))
}
