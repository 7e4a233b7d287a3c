import type { Bundle } from '../../contract/inspect/certificate-facts.ts'
import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import { bad, attention, counted, type Evidence, listed, type Look } from './evidence.ts'

export const pairingSituations: Look = (evidence) => {
  const { report, leaf, bundle, isMany } = evidence
  if (isMany) return [strayInChain(evidence) ?? severalSites(evidence)]
  if (!leaf?.certificate || report.bundles.length > 1) return []
  const key = report.pieces.find(({ kind, publicKey }) => kind === 'private-key' && publicKey)
  if (!bundle?.key && key) return [mismatch(evidence, key.id)]
  return []
}

function mismatch({ leaf, report }: Evidence, keyId: string): Diagnosis {
  const keys = report.pieces.filter(({ kind, publicKey }) => kind === 'private-key' && publicKey).length
  const title = leaf?.certificate?.title ?? 'this certificate'
  return bad('key-mismatch', [leaf?.id ?? '', keyId].filter(Boolean), {
    sentence:
      keys === 1
        ? `The private key does not belong to the certificate for ${title}: their public keys differ.`
        : `None of the ${keys} private keys belongs to the certificate for ${title}.`,
    nextStep:
      "Find the key that was made with this certificate's request. If it is lost, get a new certificate with a new key.",
  })
}

/** One file with one chain and certificates beside it that have none; files of several sites have none for certain. */
function strayInChain({ report }: Evidence): Diagnosis | undefined {
  const [main, ...others] = report.bundles.filter(({ chain, root }) => chain.length > 0 || root)
  const strays = report.bundles.filter((bundle) => bundle !== main)
  const files = new Set(report.pieces.map(({ place }) => place.file))
  if (!main || others.length > 0 || strays.some(({ key }) => key) || files.size > 1) return undefined
  const titleOf = ({ leaf }: Bundle) => report.pieces.find(({ id }) => id === leaf)?.certificate?.title
  const names = listed(strays.map((stray) => `“${titleOf(stray)}”`))
  return attention(
    'stray-in-chain',
    strays.map(({ leaf }) => leaf),
    {
      sentence: `${names} ${strays.length === 1 ? 'does' : 'do'} not belong to the chain of ${titleOf(main)}.`,
      nextStep: `Remove ${strays.length === 1 ? 'it' : 'them'} from the file, since some clients refuse a chain with others in it. Select ${titleOf(main)} for its details.`,
    },
  )
}

function severalSites({ report }: Evidence): Diagnosis {
  const withKey = report.bundles.filter(({ key }) => key !== null)
  const without = report.bundles.length - withKey.length
  const loneKeys = report.orphans.filter(
    (id) => report.pieces.find((piece) => piece.id === id)?.kind === 'private-key',
  )
  const rest = [
    ...(without > 0 ? [`${without} without`] : []),
    ...(loneKeys.length > 0 ? [`${counted(loneKeys.length, 'key')} without a certificate`] : []),
  ]
  const found = `These files hold ${report.bundles.length} certificates: ${withKey.length} with a private key`
  const unread =
    report.problems.length > 0 ? ` ${counted(report.problems.length, 'other item')} cannot be read.` : ''
  return attention(
    'several-sites',
    report.bundles.map(({ leaf }) => leaf),
    {
      sentence: `${[found, ...rest].join(', ')}.${unread}`,
      nextStep: 'Select one for details. All that have their key can be added to the vault together.',
    },
  )
}
