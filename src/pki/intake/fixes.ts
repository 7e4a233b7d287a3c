import type { Bundle, Fix } from '../../contract/inspect/certificate-facts.ts'
import { formatPlace } from '../../contract/errors/registry.ts'
import { binaryForms, type Assembly, type IntakePiece } from './intake-piece.ts'
import { keyFormIn } from '../formats/private-key.ts'

/** Conversions that made clean PEM of the input, a sentence each. */
export function fixesOf(pieces: IntakePiece[], assembly: Assembly, bundle: Bundle | undefined): Fix[] {
  const used = pieces.filter(({ id }) => bundle && [bundle.leaf, ...bundle.chain, bundle.key].includes(id))
  return [
    ...pieces.filter(({ duplicate }) => duplicate).map(duplicateRemoved),
    ...pieces.filter(({ id }) => assembly.roots.has(id)).map(rootRemoved),
    ...(bundle ? reordered(used, bundle) : []),
    ...pieces.filter(isEcParameters).map(parametersRemoved),
    ...used.filter(({ key, wasLocked }) => key && wasLocked).map(decrypted),
    ...used.filter(isConverted).map(converted),
    ...rewrapped(used),
    ...(bundle ? leftOut(pieces, assembly, used) : []),
  ]
}

function duplicateRemoved(piece: IntakePiece): Fix {
  return {
    kind: 'duplicate-removed',
    message: `${piece.title} in ${formatPlace(piece.place)} was there already; it is taken once.`,
  }
}

function rootRemoved(piece: IntakePiece): Fix {
  return {
    kind: 'root-removed',
    message: `${piece.title} in ${formatPlace(piece.place)} is a root; it is left out, as every client has its own.`,
  }
}

function reordered(used: IntakePiece[], bundle: Bundle): Fix[] {
  const wanted = [bundle.leaf, ...bundle.chain]
  const given = used.filter(({ certificate }) => certificate).map(({ id }) => id)
  if (given.join() === wanted.join()) return []
  return [
    {
      kind: 'reordered',
      message:
        'The certificates were put in order: the leaf first, then each one that signed the one before.',
    },
  ]
}

const isEcParameters = (piece: IntakePiece) => piece.kind === 'parameters' && piece.title.startsWith('EC')

function parametersRemoved(piece: IntakePiece): Fix {
  return {
    kind: 'parameters-removed',
    message: `EC PARAMETERS in ${formatPlace(piece.place)} were left out; the key names its curve itself.`,
  }
}

function decrypted(piece: IntakePiece): Fix {
  return {
    kind: 'decrypted',
    message: `The private key in ${formatPlace(piece.place)} was opened with its passphrase.`,
  }
}

const isConverted = ({ writtenAs, key }: IntakePiece) =>
  binaryForms.has(writtenAs) || (key !== undefined && !key.title.endsWith('(PKCS#8)'))

function converted(piece: IntakePiece): Fix {
  const from = binaryForms.get(piece.writtenAs) ?? keyFormIn(piece.key?.title)
  const to = piece.key ? 'PKCS#8' : 'PEM'
  return {
    kind: 'converted',
    message: `${piece.title} in ${formatPlace(piece.place)} was converted from ${from} to ${to}.`,
  }
}

function rewrapped(used: IntakePiece[]): Fix[] {
  const messy = used.filter(({ writtenAs }) => writtenAs === 'messy-pem')
  if (messy.length === 0) return []
  const where = [...new Set(messy.map(({ place }) => place.file ?? 'the input'))].join(', ')
  return [
    {
      kind: 'rewrapped',
      message: `The text of ${where} was written anew: nothing but the blocks, in lines of 64 characters.`,
    },
  ]
}

function leftOut(pieces: IntakePiece[], assembly: Assembly, used: IntakePiece[]): Fix[] {
  return pieces
    .filter((piece) => (piece.certificate || piece.key) && !piece.duplicate)
    .filter((piece) => !used.includes(piece) && !assembly.roots.has(piece.id))
    .map((piece) => ({
      kind: 'unrelated-left-out',
      message: `${piece.title} in ${formatPlace(piece.place)} does not belong to this certificate and is left out.`,
    }))
}
