import { facts } from '../../frame/declare.ts'
import { wholeDomain } from '../../../contract/domains/listed-domain.ts'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import type { Domain } from '../../../contract/domains/domains.ts'
import type { ScheduledBackup } from '../../../contract/custody/backup-schedule.ts'
import { movedListenerAdvice, movedListeners } from '../../../domain/moved-listener.ts'
import { filtersOfDomain } from '../../../domain/list-filters.ts'
import { portConflictMessage } from '../../../domain/port-conflict.ts'
import { EdgekeepError, errorSentence } from '../../../contract/errors/registry.ts'
import type { Published } from '../../../contract/lan/published.ts'
import { formatNumber } from '../../../contract/text/count.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { incompleteRenewal } from '../../../domain/incomplete-renewal.ts'
import type { Target } from '../../../contract/targets/targets.ts'
import { formatLocking } from '../../output/format-locking.ts'
import { namesCell } from '../../output/fit-columns.ts'
import { factLines } from '../../output/format.ts'

export const statusCommand = facts('status', {
  about:
    'Show whether the engine is running, which ports the edge uses, which domains need a new certificate, and how the vault is protected. Exit status 1 without an engine.',
  examples: ['status'],
  run: async ({ client, engineRuns }) => {
    const status = await client.engine.status()
    const copies = await client.vault.schedule()
    const ending = await client.domains.list({ filters: ['expired', 'expiring'] })
    const ends = endsOf(ending.map(wholeDomain), new Date())
    const targets = await client.targets.list()
    const text = formatStatus({ status, running: engineRuns, copies, ends, targets })
    const no = engineRuns ? undefined : new EdgekeepError('engine.not_running', {})
    return {
      data: {
        running: engineRuns,
        status,
        copies,
        ...ends,
        targets: targets.map(({ name, renewal }) => ({ name, renewal })),
      },
      text,
      no,
    }
  },
})

type Ends = Record<'expired' | 'expiring', string[]>

/** Domains whose certificate is over or needs a person, by the rule of "domain list --filter". */
function endsOf(domains: readonly Domain[], now: Date): Ends {
  const passing = (filter: keyof Ends) =>
    domains
      .filter((each) => filtersOfDomain(each, now).includes(filter))
      .map(({ displayName }) => displayName)
  return { expired: passing('expired'), expiring: passing('expiring') }
}

interface Shown {
  status: EngineStatus
  running: boolean
  copies: ScheduledBackup | null
  ends: Ends
  targets: Target[]
}

function formatStatus({ status, running, copies, ends, targets }: Shown): string {
  const { edge, configuration, domains, protection, locking } = status
  return factLines([
    ['Engine', running ? `running (pid ${status.pid})` : 'not running'],
    ['HTTPS', edge.https ? String(edge.https.port) : undefined],
    ['HTTP', edge.http ? String(edge.http.port) : undefined],
    ...movedListeners(edge).map((each): [string, string] => ['WARNING', movedListenerAdvice(each)]),
    ...edge.published.map((each): [string, string] => ['NETWORK', formatPublished(each)]),
    ['Edge', running ? (edge.problem?.message ?? formatEdge(edge)) : undefined],
    ...status.portConflicts.map((each): [string, string] => ['WARNING', portConflictMessage(each)]),
    ['Domains', formatDomains(domains)],
    ['EXPIRED', formatEnds(ends, 'expired')],
    ['EXPIRING', formatEnds(ends, 'expiring')],
    ...targets.flatMap((target): [string, string][] => {
      const text = incompleteRenewal(target)
      return text === null ? [] : [['WARNING', text]]
    }),
    ['Certificates', formatNumber(status.certificates)],
    [
      'Version',
      `${configuration.version}${configuration.inEffect === null ? '' : `, in effect ${configuration.inEffect}`}`,
    ],
    ['Keys', `${protection.weak ? 'weak protection: ' : ''}${protection.reason}`],
    ['Vault', protection.lockReason ?? 'open'],
    ...protection.warnings.map((warning): [string, string] => ['Warning', warning]),
    ['Locking', formatLocking(locking, protection)],
    ['Copies', copies ? formatCopies(copies) : undefined],
  ])
}

/** Warns, because what is listed can be reached from outside of this computer. */
function formatPublished({ address, domains, failure }: Published): string {
  if (failure) return errorSentence('lan.not_listening', { address, ...failure })
  const names = namesCell(domains.map(readableName))
  return `other devices reach ${names} at ${address}. End it with "edgekeep lan off".`
}

function formatDomains({ total, onHttps, down }: EngineStatus['domains']): string {
  const broken = down > 0 ? `, HTTPS DOWN for ${formatNumber(down)}` : ''
  return `${formatNumber(total)}, ${formatNumber(onHttps)} on HTTPS${broken}`
}

/** `shop.test, api.test and 3 more. List them: …`; undefined for none, which is no line. */
function formatEnds(ends: Ends, filter: keyof Ends): string | undefined {
  if (ends[filter].length === 0) return undefined
  return `${namesCell(ends[filter])}. List them: edgekeep domain list --filter ${filter}`
}

/** `running (worker 812)`; several are listed by pid. */
function formatEdge({ state, workerPids }: EngineStatus['edge']): string {
  if (workerPids.length === 0) return state
  return `${state} (${workerPids.length === 1 ? 'worker' : 'workers'} ${workerPids.join(', ')})`
}

function formatCopies({ everyHours, lastRun }: ScheduledBackup): string {
  if (!lastRun) return `every ${everyHours} hours; none yet`
  return lastRun.ok
    ? `every ${everyHours} hours; last ${lastRun.at}`
    : `FAILED ${lastRun.at}: ${lastRun.summary}`
}
