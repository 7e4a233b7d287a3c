import { type Flags, type OptionsOf, keys } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Replaced, Replacement } from '../../../contract/certificates/records.ts'
import { takenNameSentence } from '../../../domain/certificate-title.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import {
  confirmCertificates,
  problemSentences,
  refusalOf,
  acceptWorseFlag,
  yesFlag,
  type WorseOptions,
} from '../../flags/confirmation.ts'
import { printError } from '../../output/output.ts'
import { passwordFlag, passwordStdinFlag } from '../../input/passphrase.ts'
import { formatEffect, formatImpact } from '../../output/format.ts'
import { stageFiles } from '../../input/staging.ts'
import {
  uploadFlag,
  nameFlag,
  keepFlag,
  keepOldFlag,
  requireUpload,
  type UploadOptions,
} from '../../flags/upload.ts'

const replaceFlags = {
  ...yesFlag,
  ...acceptWorseFlag,
  '--with <ref>': 'a certificate in the vault, by name, ID or start of its SHA-256 fingerprint',
  ...uploadFlag,
  ...nameFlag,
  ...keepFlag,
  ...keepOldFlag,
  '--domain <domain...>': 'only these domains',
  '--dry-run': 'only show what would change',
  '--all-or-nothing': 'change nothing if one domain is not covered',
  ...passwordFlag,
  ...passwordStdinFlag,
} as const satisfies Flags
type ReplaceOptions = OptionsOf<typeof replaceFlags>

export const replaceCommand = keys('replace <ref>', {
  summary: 'replace a certificate on all its domains',
  about:
    'Replace a certificate on all domains that use it, in one change. What that does to each domain is shown first.',
  flags: replaceFlags,
  examples: ['cert replace "shop 2026" --upload fullchain.pem privkey.pem'],
  run: replace,
})

async function replace({ client }: Session, reference: string, options: ReplaceOptions): Promise<Result> {
  requireUpload(options)
  const { id } = await client.certificates.find({ reference })
  const source = await replacement({ client }, options)
  const { domain: domains, allOrNothing, keepOld } = options
  const input = { id, with: source, domains, allOrNothing, keepOld }
  try {
    const preview = await client.certificates.replace({ ...input, dryRun: true })
    if (options.dryRun || !preview.domains.some(({ outcome }) => outcome === 'replaced'))
      return answer(preview, options)
    const refusal = refusalOfPlan(preview, options)
    if (refusal && !process.stdin.isTTY) throw refusal
    const acceptWorse = await confirmPlan(preview, options)
    return answer(await client.certificates.replace({ ...input, acceptWorse }), options)
  } finally {
    if (source.type === 'upload') await client.staging.discard({ stagingId: source.stagingId })
  }
}

/** Asks once. @returns whether a worse certificate was accepted */
function confirmPlan(preview: Replaced, { yes, acceptWorse }: ReplaceOptions): Promise<boolean> {
  const { problems, domains, impact } = preview
  const found = problemSentences(problems)
  if (!yes)
    printError(
      [...found, ...domains.map(lineBefore)].join('\n') + formatImpact(impact) + formatErased(preview),
    )
  return confirmCertificates({
    sentences: yes ? found : [],
    question: 'Make this change?',
    isAgreed: yes ?? false,
    ...{ problems, acceptWorse },
  })
}

async function replacement(
  { client }: Pick<Session, 'client'>,
  options: ReplaceOptions,
): Promise<Replacement> {
  if ((options.with === undefined) === (options.upload === undefined))
    throw usageError('Give one of --with REF and --upload CERTIFICATE KEY.')
  if (options.upload === undefined) {
    const { id } = await client.certificates.find({ reference: options.with ?? '' })
    return { type: 'vault', certificateId: id }
  }
  const { stagingId } = await stageFiles(client, options.upload, options)
  return { type: 'upload', stagingId, name: options.name, keep: options.keep ?? false }
}

function answer(replaced: Replaced, options: WorseOptions & Pick<UploadOptions, 'name'>): Result {
  const { effect, domains } = replaced
  const refusal = refusalOfPlan(replaced, options)
  const lines = domains.map(effect ? lineAfter : refusal ? lineRefused : lineBefore)
  const text = [
    ...(lines.length > 0 ? lines : [`No domain uses "${replaced.old.name}".`]),
    ...(effect ? [] : problemSentences(replaced.problems)),
    effect
      ? `${formatEffect(effect)} ${takenNameSentence(options.name, replaced.new.name)}`.trimEnd()
      : 'Nothing was changed.',
  ]
  const missed = domains.filter(({ outcome }) => outcome !== 'replaced').map(({ domain }) => domain)
  const { name } = replaced.new
  const isPartial = missed.length > 0
  const no =
    refusal ??
    (isPartial ? new EdgekeepError('certificate.not_everywhere', { name, domains: missed }) : undefined)
  return {
    data: { ...replaced },
    text: text.join('\n') + formatImpact(replaced.impact) + formatErased(replaced),
    no,
  }
}

/** Error of a plan that would change a domain and be refused. */
function refusalOfPlan({ effect, domains, problems, new: { name } }: Replaced, options: WorseOptions) {
  const isChange = !effect && domains.some(({ outcome }) => outcome === 'replaced')
  return isChange ? refusalOf(name, problems, options) : undefined
}

type DomainOutcome = Replaced['domains'][number]

const reasons = {
  'not-covered': 'is not covered and stays as it is',
  'not-using': 'does not use that certificate and stays as it is',
  left: 'stays as it is, since not all can be changed',
}

function lineBefore({ domain, outcome }: DomainOutcome): string {
  return `${readableName(domain)} ${outcome === 'replaced' ? 'gets the new certificate' : reasons[outcome]}`
}

function lineRefused({ domain, outcome }: DomainOutcome): string {
  return `${readableName(domain)} ${outcome === 'replaced' ? 'stays as it is, since the new certificate would be refused' : reasons[outcome]}`
}

function lineAfter({ domain, outcome }: DomainOutcome): string {
  return `${readableName(domain)} ${outcome === 'replaced' ? 'has the new certificate' : reasons[outcome]}`
}

function formatErased({ erased, effect }: Replaced): string {
  if (erased.length === 0) return ''
  const names = erased.map(({ name }) => `"${name}"`).join(', ')
  return effect
    ? `\nErased, with the private key: ${names}.`
    : `\nErased by it, with the private key: ${names}. --keep-old keeps it.`
}
