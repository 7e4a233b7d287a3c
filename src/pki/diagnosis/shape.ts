import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import { hasWeakness } from './faults.ts'
import { isAuthorityAlone } from './trust.ts'
import { bad, attention, counted, type Evidence, listed, type Look } from './evidence.ts'

/** Format of the files, and missing or superfluous parts, for a single certificate. */
export const shapeSituations: Look = (evidence) => {
  const { report, leaf, bundle } = evidence
  if (evidence.isMany || !leaf?.certificate || !bundle || isAuthorityAlone(leaf.certificate)) return []
  if (report.pieces.some(({ locked }) => locked)) return []
  if (report.bundles.length > 1 || !bundle.key) return []
  return [...weakness(evidence), ...rootIncluded(evidence), ...archive(evidence), ...untidy(evidence)]
}

function titleOf({ leaf }: Evidence): string {
  return leaf?.certificate?.title ?? ''
}

/** Reasons why a bundle with its key cannot be served. */
function weakness(evidence: Evidence): Diagnosis[] {
  const { report, bundle } = evidence
  const fault = report.notServable
  if (!bundle?.key || hasWeakness(evidence) || !fault || fault.code.startsWith('key.mismatch')) return []
  return [
    bad('not-servable', [bundle.leaf], {
      sentence: fault.message,
      nextStep: 'Create a new key (EC P-256 or RSA 2048) and get a certificate for it.',
    }),
  ]
}

function fixesOf({ report }: Evidence, kind: string) {
  return report.fixes.filter((fix) => fix.kind === kind)
}

function rootIncluded(evidence: Evidence): Diagnosis[] {
  const roots = fixesOf(evidence, 'root-removed')
  if (roots.length === 0) return []
  const titles = new Set(
    evidence.report.pieces
      .filter(({ certificate }) => certificate?.isCa && certificate.isSelfSigned)
      .map(({ certificate }) => `“${certificate?.title}”`),
  )
  return [
    attention(
      'root-included',
      evidence.report.pieces
        .filter(({ certificate }) => certificate?.isCa && certificate.isSelfSigned)
        .map(({ id }) => id),
      {
        sentence: `The chain of ${titleOf(evidence)} is complete, but it includes the root ${listed([...titles])}, which clients do not need and some services refuse.`,
        nextStep: 'Save the clean files, which leave the root out.',
      },
    ),
  ]
}

function archive(evidence: Evidence): Diagnosis[] {
  const { report, bundle } = evidence
  const found = report.pieces.find(({ kind, form }) => kind === 'archive' && form === 'pkcs12')
  if (!found || !bundle) return []
  return [
    attention('archive-complete', [found.id], {
      sentence: `${found.place.file ?? 'The archive'} is a complete PFX archive: it holds the certificate for ${titleOf(evidence)}, its key and ${counted(bundle.chain.length, 'intermediate')}.`,
      nextStep: 'Add it to the vault as it is, or save the clean files for servers that need PEM.',
    }),
  ]
}

const tidied = [
  'reordered',
  'duplicate-removed',
  'parameters-removed',
  'rewrapped',
  'unrelated-left-out',
] as const
const tidiedLabels = {
  reordered: 'the certificates are out of order',
  'duplicate-removed': 'something is included twice',
  'parameters-removed': 'EC PARAMETERS come before the key',
  rewrapped: 'there is text around the PEM blocks',
  'unrelated-left-out': 'not everything in them is part of its chain',
} as const

function untidy(evidence: Evidence): Diagnosis[] {
  const found = tidied.filter((kind) => fixesOf(evidence, kind).length > 0)
  if (found.length === 0) return []
  return [
    attention('untidy', [], {
      sentence: `The files for ${titleOf(evidence)} need cleaning up: ${listed(
        found.map((kind) => tidiedLabels[kind]),
        5,
      )}.`,
      nextStep: 'Save the clean files, or add them to the vault, which cleans them up.',
    }),
  ]
}
