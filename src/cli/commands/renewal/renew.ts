import { type Flags, type OptionsOf, keys } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Client } from '../../../client/client.ts'
import type { Renewed } from '../../../contract/issuing/renewal.ts'
import type { Session, Result } from '../../frame/command.ts'
import { acceptWorseFlag } from '../../flags/confirmation.ts'
import { isForMany, type TargetOptions, targetFlags } from '../../bulk/targets.ts'
import type { PlannedRow } from '../../../client/bulk-run.ts'
import { certificateTargets } from '../../bulk/certificate-targets.ts'
import { table } from '../../output/format.ts'
import { formatEarlyEnd, streamedResults } from '../../output/streamed-results.ts'

const renewFlags = {
  ...acceptWorseFlag,
  ...targetFlags({ chooses: false, changes: false }),
  '--tag <tag>': 'those with this tag',
  '--due': 'only those that are due',
  '--dry-run': 'only show what would happen',
} as const satisfies Flags
type RenewOptions = OptionsOf<typeof renewFlags>

export const renewCommand = keys('renew [ref...]', {
  summary: 'renew certificates now',
  about:
    'Renew certificates of the local authority and of ACME accounts now: those named, those that are due, or all that renew automatically. Domains serve the new one from the next handshake. One that would be worse (names lost, a weaker key, another authority) waits for --accept-worse. Exit status 1 if one was not renewed.',
  flags: renewFlags,
  examples: ['renew --due', 'renew shop.test'],
  run: renew,
})

async function renew({ client }: Session, refs: string[], options: RenewOptions): Promise<Result> {
  const { ids, refused } = await chosenIds(client, refs, options)
  if (ids?.length === 0) return answer([], refused, null)
  const { due = false, dryRun = false, acceptWorse = false } = options
  const events = await client.renewal.renew({
    ...(ids ? { ids } : {}),
    due,
    dryRun,
    acceptWorse,
  })
  const { items, error } = await streamedResults(
    events,
    ({ certificate }, count) => `${count}: ${certificate.name}`,
  )
  return answer(items, refused, error)
}

/** Null for all that renew automatically. */
async function chosenIds(
  client: Client,
  refs: string[],
  options: TargetOptions,
): Promise<{ ids: string[] | null; refused: PlannedRow[] }> {
  if (refs.length === 0 && options.file === undefined && options.tag === undefined)
    return { ids: null, refused: [] }
  const { certificates, refused } = await certificateTargets(client, refs, options)
  const [first] = refs
  // One that is unknown is answered with the one that was probably meant.
  if (!isForMany(refs, options) && first !== undefined && refused.length > 0)
    await client.certificates.find({ reference: first })
  return { ids: certificates.map(({ id }) => id), refused }
}

function answer(results: Renewed[], refused: PlannedRow[], error: EdgekeepError | null): Result {
  const cells = [
    ...results.map(({ certificate, outcome, message }) => [certificate.name, outcome, message]),
    ...refused.map(({ name, plan }) => [name, 'not found', plan]),
  ]
  const failed = [
    ...results
      .filter(({ outcome }) => ['failed', 'held', 'not-renewable'].includes(outcome))
      .map(({ certificate }) => certificate.name),
    ...refused.map(({ name }) => name),
  ]
  const text =
    cells.length > 0
      ? table(['CERTIFICATE', 'RESULT', 'DETAIL'], cells)
      : error
        ? 'No certificate was renewed before.'
        : 'There is no certificate that renews automatically.'
  const no =
    error ?? (failed.length > 0 ? new EdgekeepError('renewal.not_all', { names: failed }) : undefined)
  return {
    data: { results, notFound: refused.map(({ name }) => name) },
    text: [text, ...formatEarlyEnd(error)].join('\n'),
    ...(no && { no }),
  }
}
