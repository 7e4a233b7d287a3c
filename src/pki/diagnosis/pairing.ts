import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import { bad, attention, counted, type Evidence, type Look } from './evidence.ts'

export const pairingSituations: Look = (evidence) => {
  const { report, leaf, bundle, isMany } = evidence
  if (isMany) return [severalSites(evidence)]
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
