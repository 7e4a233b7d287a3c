import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { fateAfterReleases, fateAfterSwap, holderOf } from '../../../domain/certificate-retention.ts'
import { issuingSuffixes } from '../../../domain/issuing-scope.ts'
import { isRefused, planBulk, sourceOf, type BulkFacts, type BulkStep } from '../../../domain/bulk-plan.ts'
import { type Lists, lossOf, type WorseOptions } from '../../flags/confirmation.ts'
import type { TargetOptions } from '../../bulk/targets.ts'
import type { PlannedRow } from '../../../client/bulk-run.ts'
import { runBulk } from '../../bulk/run-bulk.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { certificateFinder } from '../../bulk/certificate-finder.ts'
import { type DomainTargets, domainTargets, refusedRow } from '../../bulk/domain-targets.ts'
import { count } from '../../../contract/text/count.ts'
import { formatRedirect } from '../../output/format.ts'

export interface OnManyOptions extends TargetOptions, WorseOptions {
  cert?: string
  free?: boolean
  keepOld?: boolean
}

/** Options of `https on` that go with one domain. */
const forOne = ['upload', 'acme', 'names', 'name', 'keep'] as const

/** Turns HTTPS on for many: with the certificate that is named, else the best of the vault, else a free one. */
export async function turnOnMany(
  session: Session,
  names: readonly string[],
  options: OnManyOptions & Partial<Record<(typeof forOne)[number], unknown>>,
): Promise<Result> {
  const single = forOne.find((name) => options[name] !== undefined)
  if (single) throw usageError(`--${single} is for one domain.`)
  if (options.cert !== undefined && options.free) throw usageError('Give one of --cert and --free.')
  const targets = await domainTargets(session.client, names, options)
  const { steps, refused, lists } = await planOn(session, targets, options)
  const rows = steps.map((step) => rowOf(step, (turning) => turnOn(session, turning, options)))
  const erased = options.keepOld ? [] : erasedBy(steps, lists)
  return runBulk(session, {
    rows: [...rows, ...refused, ...targets.refused],
    options,
    question: `Turn HTTPS on for ${count(acting(steps), 'domain')}?`,
    loss: lossOf(erased, '--keep-old keeps what a swap would erase.'),
  })
}

async function planOn(
  { client }: Session,
  { domains, listed, all }: DomainTargets,
  { cert, free }: OnManyOptions,
): Promise<{ steps: BulkStep[]; refused: PlannedRow[]; lists: Lists }> {
  const certificates = await client.certificates.list()
  const suffixes = issuingSuffixes(await client.authority.get())
  const facts = { certificates, now: new Date(), suffixes }
  const find = certificateFinder(client, certificates)
  const groups = Map.groupBy(domains, ({ name }) =>
    free ? 'free' : (cert ?? listed.get(name)?.certificate ?? ''),
  )
  const steps: BulkStep[] = []
  const refused: PlannedRow[] = []
  for (const [reference, group] of groups) {
    const chosen = reference === '' || reference === 'free' ? reference : await find(reference)
    if (chosen instanceof Error)
      refused.push(...group.map(({ displayName }) => refusedRow(displayName, chosen)))
    else steps.push(...planBulk('httpsOn', group, withChosen(facts, chosen)))
  }
  return { steps, refused, lists: { certificates, domains: all } }
}

function withChosen(facts: BulkFacts, chosen: CertificateSummary | '' | 'free'): BulkFacts {
  return chosen === '' ? facts : { ...facts, chosen }
}

async function turnOn({ client }: Session, step: BulkStep, options: OnManyOptions) {
  const { keepOld, acceptWorse } = options
  const input = { domain: step.domain.name, source: sourceOf(step), keepOld, acceptWorse }
  const { domain, effect } = await client.https.enable(input)
  return { text: `on, with "${domain.https.certificate?.name ?? ''}"`, effect }
}

/** Certificates that swaps erase; turning HTTPS on erases nothing. */
function erasedBy(steps: readonly BulkStep[], { certificates, domains }: Lists): CertificateSummary[] {
  const swaps = steps.filter(({ skip, domain }) => !skip && domain.https.certificate !== null)
  const holders = domains.map(holderOf)
  const byNext = Map.groupBy(
    swaps,
    ({ certificate, domain }) => certificate?.id ?? domain.https.certificate?.id,
  )
  return [...byNext].flatMap(([nextId = null, group]) => {
    const names = group.map(({ domain }) => domain.name)
    return fateAfterSwap(names, nextId, { certificates, holders }).erased
  })
}

export async function pauseMany(
  session: Session,
  names: readonly string[],
  options: TargetOptions,
): Promise<Result> {
  const { client } = session
  const targets = await domainTargets(client, names, options)
  const steps = planBulk('pause', targets.domains, { certificates: [], now: new Date() })
  const pause = async ({ domain: { name } }: BulkStep) => {
    const { effect } = await client.https.pause({ domain: name })
    return { text: 'paused; certificate and key are kept', effect }
  }
  return runBulk(session, {
    rows: [...steps.map((step) => rowOf(step, pause)), ...targets.refused],
    options,
    question: `Pause HTTPS on ${count(acting(steps), 'domain')}?`,
  })
}

/** Turns HTTPS off, or removes the domains; both release their certificates. */
export async function releaseMany(
  session: Session,
  names: readonly string[],
  { act, ...options }: TargetOptions & { act: 'httpsOff' | 'remove' },
): Promise<Result> {
  const { client } = session
  const targets = await domainTargets(client, names, options)
  const certificates = await client.certificates.list()
  const steps = planBulk(act, targets.domains, { certificates, now: new Date() })
  const release = async ({ domain: { name } }: BulkStep) => {
    const { erased, effect } =
      act === 'remove'
        ? await client.domains.remove({ domain: name })
        : await client.https.disable({ domain: name })
    const gone = erased.length > 0 ? `; erased, with its key: ${erased.join(', ')}` : ''
    return { text: `${act === 'remove' ? 'removed' : 'HTTPS is off'}${gone}`, effect }
  }
  const released = steps.filter(({ skip }) => !skip).map(({ domain }) => domain)
  const { erased } = fateAfterReleases(released, { certificates, domains: targets.all })
  const what = act === 'remove' ? 'Remove' : 'Turn HTTPS off for'
  return runBulk(session, {
    rows: [...steps.map((step) => rowOf(step, release)), ...targets.refused],
    options,
    question: `${what} ${count(released.length, 'domain')}?`,
    loss: lossOf(erased),
  })
}

function acting(steps: readonly BulkStep[]): number {
  return steps.filter(({ skip }) => !skip).length
}

export function rowOf(step: BulkStep, act: (step: BulkStep) => Promise<object>): PlannedRow {
  const { domain, skip, text } = step
  const row = { name: domain.displayName, plan: phrases[text](step) }
  if (!skip) return { ...row, act: () => act(step) }
  return { ...row, outcome: isRefused(step) ? 'refused' : 'skipped' }
}

const phrases: Record<BulkStep['text'], (step: BulkStep) => string> = {
  verify: () => 'is verified',
  resume: () => 'resumes, with its own certificate',
  withCertificate: (step) => `gets "${certificateOf(step)}"`,
  free: () => 'gets a free certificate',
  notCovered: (step) => `"${certificateOf(step)}" does not cover it`,
  notPermitted: () =>
    'no certificate of the vault covers it, and the local authority may not vouch for it ("edgekeep authority allow")',
  alreadyOn: () => 'HTTPS is on already',
  alreadyServed: (step) => `"${certificateOf(step)}" is served already`,
  redirect: (step) => redirectOf(step),
  redirectsAlready: (step) => `${redirectOf(step)} already`,
  nothingToRedirectTo: () => 'HTTPS is off, so there is nothing to redirect to',
  renew: (step) => `"${certificateOf(step)}" is renewed`,
  notRenewable: (step) => `"${certificateOf(step)}" is not from an authority that renews it`,
  tag: ({ tags = [] }) => `tags: ${tags.join(', ') || 'none'}`,
  taggedAlready: () => 'has these tags already',
  tooManyTags: () => 'would have too many tags',
  pause: () => 'is paused',
  notOn: () => 'HTTPS is not on',
  off: () => 'HTTPS is turned off',
  alreadyOff: () => 'HTTPS is off already',
  remove: () => 'is removed',
}

function certificateOf({ certificate }: BulkStep): string {
  return certificate?.name ?? ''
}

function redirectOf({ domain, redirect = domain.redirect }: BulkStep): string {
  return `redirect ${formatRedirect({ ...domain, redirect })}`
}
