import { type Flags, type OptionsOf, keys } from '../../frame/declare.ts'
import {
  type Rehearsal,
  type RehearsalPlan,
  type RehearsalSpell,
  type RehearsedClient,
  rehearsalSpellSchema,
  spellKinds,
} from '../../../contract/acme/acme-rehearsal.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { table } from '../../output/format.ts'
import { showProgress } from '../../output/progress.ts'
import { sentences } from '../../../contract/text/sentences.ts'

const rehearseFlags = {
  '--days <n>': 'how many days (default: 120)',
  '--day-ms <n>': 'how many milliseconds a day takes, from 100 on (default: 1000)',
  '--profile <name>': {
    about: 'profile of orders that name none: classic is 45 days, shortlived 160 hours',
    choices: ['classic', 'shortlived'],
  },
  '--calm': 'no outages and no recall',
  '--spell <what:from-to>': {
    about: `a fault from one day to another, instead of the default ones (repeatable): ${spellKinds.join(', ')}`,
    parse: addSpell,
  },
  '--no-limits': 'no rate limits',
  '--report': 'only show the report of the current or last rehearsal',
  '--stop': 'end the current rehearsal and show its report',
} as const satisfies Flags
type RehearseOptions = OptionsOf<typeof rehearseFlags>

export const rehearseCommand = keys('rehearse', {
  summary: 'rehearse months of renewals with the ACME server in minutes',
  about:
    'Simulate months of Let’s Encrypt with the ACME server, one day per second: 45-day certificates that last 45 seconds, rate limits, outages, refused nonces, slow issuing, and a recall by renewal information. Then show which clients would have let a certificate lapse.',
  flags: rehearseFlags,
  examples: [
    'acme rehearse --days 120   (120 seconds, while your clients renew)',
    'acme rehearse --spell unavailable:25-32 --spell recall:60-61',
  ],
  run: rehearse,
})

async function rehearse({ client }: Session, options: RehearseOptions): Promise<Result> {
  const { acmeServer } = client
  if (options.stop) return answer(await acmeServer.stopRehearsal())
  if (options.report) return answer(await acmeServer.rehearsal())
  const started = await acmeServer.rehearse(planOf(options))
  let rehearsal = started
  try {
    for await (const { rehearsal: now } of await acmeServer.watchRehearsal()) {
      // Another rehearsal was started meanwhile.
      if (now?.startedAt !== started.startedAt) break
      rehearsal = now
      if (now.ended) break
      const { day, plan, clients } = now
      showProgress(`day ${Math.floor(day)} of ${plan.days}, ${clients.length} names watched`)
    }
  } finally {
    showProgress('')
  }
  return answer(rehearsal)
}

/** `unavailable:25-28`. */
function addSpell(text: string, before: RehearsalSpell[] = []): RehearsalSpell[] {
  const [, what, from, to] = /^([a-z-]+):(\d{1,4}(?:\.\d{1,3})?)-(\d{1,4}(?:\.\d{1,3})?)$/.exec(text) ?? []
  const read = rehearsalSpellSchema.safeParse({ what, from: Number(from), to: Number(to) })
  if (read.success) return [...before, read.data]
  throw usageError(
    `--spell ${text} cannot be read. Name a bad time (${spellKinds.join(', ')}) and its first and last day, such as unavailable:25-28.`,
  )
}

function planOf({ days, dayMs, profile, calm, spell, limits }: RehearseOptions): Partial<RehearsalPlan> {
  if (calm && spell) throw usageError('Give --calm or --spell, not both.')
  return {
    ...(days === undefined ? {} : { days: numberOf(days, 1, 1000) }),
    ...(dayMs === undefined ? {} : { dayMs: numberOf(dayMs, 100, 600_000) }),
    profile,
    ...(calm ? { spells: [] } : {}),
    ...(spell ? { spells: spell } : {}),
    limits: limits ?? true,
  }
}

function numberOf(text: string, least: number, most: number): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (number >= least && number <= most) return number
  throw usageError(`"${text}" is not a number from ${least} to ${most}.`)
}

function answer(rehearsal: Rehearsal | null): Result {
  if (!rehearsal) return { data: { rehearsal }, text: 'There was no rehearsal since the engine started.' }
  const { clients, day, plan } = rehearsal
  const lapsed = clients.filter(({ verdict }) => verdict !== 'kept')
  const head = `Day ${Math.floor(day)} of ${plan.days}. ${clients.length - lapsed.length} of ${clients.length} kept a valid certificate throughout.`
  const text =
    clients.length === 0
      ? `Day ${Math.floor(day)} of ${plan.days}. ${sentences.noRehearsedClients}`
      : `${table(['CLIENT', 'NAMES', 'CERTIFICATES', 'VERDICT', 'REFUSED', 'ARI'], clients.map(cells))}\n${head}`
  const titles = lapsed.map(({ names }) => names.join(', '))
  const no = titles.length > 0 ? new EdgekeepError('certificate.expiring', { titles }) : undefined
  return { data: { rehearsal }, text, no }
}

function cells(one: RehearsedClient): string[] {
  const { client, names, certificates, refused, askedRenewalInfo } = one
  return [
    client.slice(0, 40) || 'unknown',
    names.join(', '),
    String(certificates),
    verdictOf(one),
    String(refused),
    String(askedRenewalInfo),
  ]
}

function verdictOf({ verdict, uncoveredDays, lapsedOnDay }: RehearsedClient): string {
  const since = lapsedOnDay === null ? '' : ` on day ${Math.floor(lapsedOnDay)}`
  if (verdict === 'kept') return 'kept'
  const days = `${uncoveredDays.toFixed(1)} days without`
  return verdict === 'lapsed' ? `LAPSED${since}, ${days}` : `GAP${since}, ${days}`
}
