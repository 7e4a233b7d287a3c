import { type Flags, type OptionsOf, facts, group, keys } from '../../frame/declare.ts'
import { formatDuration } from '../../../domain/duration-text.ts'
import type { Domain } from '../../../contract/domains/domains.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { formatOrigin } from '../../../domain/origin-text.ts'
import {
  defaultHealthCheck,
  type HealthPolicy,
  type TimeoutsPolicy,
} from '../../../contract/domains/origins.ts'
import type { PolicyChanges } from '../../../contract/domains/policies.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { devServerLines } from '../../output/dev-server-lines.ts'
import { table, formatEffect } from '../../output/format.ts'
import { givenOrigin, originForms, originDetailFlags, type OriginDetails } from '../../flags/origin.ts'
import { changePolicies } from './change-policies.ts'

async function test(
  { client }: Session,
  name: string,
  url: string | undefined,
  details: OriginDetails,
): Promise<Result> {
  const { origin: set } = await client.domains.get({ domain: name })
  if (url === undefined && Object.keys(details).length > 0)
    throw usageError('These options go with URL: they are about an origin that is not set yet.')
  const origin = url === undefined ? set : givenOrigin(url, details)
  const seen = await client.domains.testOrigin({ domain: name, origin })
  // The sentence about a server begins with its address.
  const folder = origin.protocol === 'folder' ? `${formatOrigin(origin)}: ` : ''
  const line = `${folder}${seen.seen} (${formatDuration(seen.tookMs)})`
  const no = seen.ok ? undefined : new EdgekeepError('verification.failed', { reason: line })
  return { data: { ...seen }, text: [line, ...devServerLines(seen.refusedBy, name)].join('\n'), no }
}

const backupCommands = group('backup', 'origins to use while the primary origin is down', [
  keys('add <domain> <url>', {
    summary: 'add a backup origin',
    about: `Add a backup after the existing ones. URL is ${originForms}.`,
    flags: originDetailFlags,
    examples: ['origin backup add shop.test http://127.0.0.1:3001'],
    run: (session, name: string, url: string, options: OriginDetails) =>
      changed(session, name, ({ policies: { origins } }) => ({
        origins: { ...origins, backups: [...origins.backups, givenOrigin(url, options)] },
      })),
  }),
  keys('remove <domain> <url>', {
    about: 'Remove a backup origin.',
    examples: ['origin backup remove shop.test http://127.0.0.1:3001'],
    run: (session, name: string, url: string) =>
      changed(session, name, ({ policies: { origins } }) => {
        const address = formatOrigin(givenOrigin(url, {}))
        const backups = origins.backups.filter((one) => formatOrigin(one) !== address)
        if (backups.length === origins.backups.length) {
          throw usageError(`No backup of ${name} is at ${address}.`)
        }
        return { origins: { ...origins, backups } }
      }),
  }),
])

const healthFlags = {
  '--path <path>': 'path to request; a status from 200 to 399 passes',
  '--no-path': 'no health check (the default)',
  '--every <seconds>': 'seconds between checks (10)',
  '--timeout <seconds>': 'timeout of a check in seconds (3)',
  '--eject-after <failures>': 'consecutive failed requests before failover; 0: never (3)',
} as const satisfies Flags
type HealthOptions = OptionsOf<typeof healthFlags>

const healthCommand = keys('health <domain>', {
  summary: 'health check and failover of a domain’s origins',
  about:
    'Set health check and failover of a domain’s origins. The edge requests --path from each origin regularly; without a path, only clients’ requests show its state.',
  flags: healthFlags,
  examples: ['origin health shop.test --path /healthz --every 5'],
  run: (session, name: string, options: HealthOptions) =>
    changed(
      session,
      name,
      ({ policies: { health } }) => ({ health: wantedHealth(health, options) }),
      formatHealth,
    ),
})

function wantedHealth(now: HealthPolicy, { path, every, timeout, ejectAfter }: HealthOptions): HealthPolicy {
  const ejecting = { ...now, ejectAfter: ejectAfter === undefined ? now.ejectAfter : number(ejectAfter) }
  if (path === false) return { ...ejecting, check: null }
  const start = now.check ?? (path === undefined ? null : defaultHealthCheck)
  if (!start) {
    if (every === undefined && timeout === undefined) return ejecting
    throw usageError('Give the path to request: --path /healthz.')
  }
  const check = {
    ...start,
    path: path ?? start.path,
    everySeconds: every === undefined ? start.everySeconds : number(every),
    timeoutSeconds: timeout === undefined ? start.timeoutSeconds : number(timeout),
  }
  return { ...ejecting, check }
}

const timeoutFlags = {
  '--connect <seconds>': 'to connect (10)',
  '--response <seconds>': 'to send the response header (120)',
  '--idle <seconds>': 'idle time within a response (600) or a websocket (3600)',
  '--min-request-rate <rate>': 'minimum rate of a request body; 0: no minimum (240)',
  '--min-response-rate <rate>': 'minimum rate of a response; 0: no minimum (240)',
} as const satisfies Flags
type TimeoutOptions = OptionsOf<typeof timeoutFlags>

const timeoutsCommand = keys('timeouts <domain>', {
  summary: 'timeouts of a domain’s origins and clients',
  about:
    'Set how long a domain’s origins may take, in seconds, and how slow its clients may be, in bytes per second. "-" restores a default.',
  flags: timeoutFlags,
  examples: ['origin timeouts shop.test --connect 2 --response 30'],
  run: (session, name: string, options: TimeoutOptions) =>
    changed(
      session,
      name,
      ({ policies: { timeouts: now } }) => {
        const timeouts: TimeoutsPolicy = {
          connectSeconds: orBack(options.connect, now.connectSeconds),
          responseSeconds: orBack(options.response, now.responseSeconds),
          idleSeconds: orBack(options.idle, now.idleSeconds),
          minRequestRate: orBack(options.minRequestRate, now.minRequestRate),
          minResponseRate: orBack(options.minResponseRate, now.minResponseRate),
        }
        return { timeouts }
      },
      formatTimeouts,
    ),
})

export const originCommands = group('origin', 'backup origins, health check and timeouts', [
  facts('status <domain>', {
    about: 'Show the state of a domain’s origins: which one is used, which are down, and why.',
    examples: ['origin status shop.test'],
    run: status,
  }),
  facts('test <domain> [url]', {
    summary: 'make one request to an origin, as the edge would',
    about: `Make one request to a domain’s origin, as the edge would, and show the result; with URL, to an origin that is not set yet. URL is ${originForms}. Nothing is changed.`,
    flags: originDetailFlags,
    examples: ['origin test shop.test', 'origin test shop.test https://staging.example.com'],
    run: test,
  }),
  backupCommands,
  healthCommand,
  timeoutsCommand,
])

async function status({ client }: Session, name: string): Promise<Result> {
  const { displayName, origin, originStates } = await client.domains.get({ domain: name })
  const rows = originStates.map(({ address, role, state, reason, since, until }) => [
    address,
    role,
    state === 'up' ? 'up' : `${state}${until ? ` until ${until}` : ''}`,
    state === 'up' ? '' : `${reason ?? ''} (since ${since})`,
  ])
  const text = table(
    ['ORIGIN', 'ROLE', 'STATE', 'REASON'],
    rows,
    `${displayName} → ${formatOrigin(origin)}. Its state is not known: no request has come for it yet, or no edge runs.`,
  )
  return { data: { origin, originStates }, text }
}

/** Applies `change` to the domain, and prints the new state. */
async function changed(
  session: Session,
  name: string,
  change: (domain: Domain) => PolicyChanges,
  format: (domain: Domain) => string = formatOrigins,
): Promise<Result> {
  const { domain, effect } = await changePolicies(session, name, change)
  return {
    data: { domain, effect },
    text: `${domain.displayName}${format(domain)}. ${formatEffect(effect)}`,
  }
}

function formatOrigins({ origin, policies }: Domain): string {
  return ` → ${[origin, ...policies.origins.backups].map(formatOrigin).join(', then ')}`
}

function formatHealth({ policies: { health } }: Domain): string {
  const { check, ejectAfter } = health
  const checked = check
    ? `health check at ${check.path} every ${seconds(check.everySeconds)}, timeout ${seconds(check.timeoutSeconds)}`
    : 'no health check'
  const failover =
    ejectAfter === 0
      ? 'no failover'
      : `failover after ${ejectAfter} failed ${ejectAfter === 1 ? 'request' : 'requests'}`
  return `: ${checked}; ${failover}`
}

function formatTimeouts({ policies: { timeouts } }: Domain): string {
  const { connectSeconds, responseSeconds, idleSeconds, minRequestRate, minResponseRate } = timeouts
  const all = [
    `connect ${orDefault(connectSeconds, seconds)}`,
    `response ${orDefault(responseSeconds, seconds)}`,
    `idle ${orDefault(idleSeconds, seconds)}`,
    `request body ${orDefault(minRequestRate, rate)}`,
    `response body ${orDefault(minResponseRate, rate)}`,
  ]
  return `: ${all.join(', ')}`
}

function orDefault(value: number | null, format: (value: number) => string): string {
  return value === null ? 'default' : format(value)
}

function seconds(count: number): string {
  return `${count} s`
}

function rate(bytesPerSecond: number): string {
  return bytesPerSecond === 0 ? 'at any rate' : `at least ${bytesPerSecond} bytes/s`
}

function orBack(value: string | undefined, now: number | null): number | null {
  return value === undefined ? now : value === '-' ? null : number(value)
}

function number(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw usageError(`"${text}" is not a whole number. Give one of up to six digits, without a unit.`)
}
