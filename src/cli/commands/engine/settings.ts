import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import type { Client } from '../../../client/client.ts'
import type { AgentPermissions } from '../../../contract/engine/agents.ts'
import type { DesktopPreferences } from '../../../contract/engine/desktop.ts'
import {
  sameSettings,
  waitingForStart,
  type EdgeSettings,
  type EdgeStart,
} from '../../../contract/engine/edge-settings.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { factLines } from '../../output/format.ts'
import { withEngine } from '../../session.ts'
import { portOf, workersOf } from '../../flags/start.ts'
import { sentences } from '../../../contract/text/sentences.ts'

/** Settings of the edge and of the desktop app. `up` and `open` can override them for one run. */
const settingsFlags = {
  '--https-port <port>': 'HTTPS port of the edge',
  '--http-port <port>': 'HTTP port of the edge',
  '--workers <number|auto>': 'edge processes; auto: one, and up to four under load',
  '--metrics <port|off>': 'port for Prometheus metrics on 127.0.0.1',
  '--on-close <what>': {
    about: 'when the desktop app’s window is closed: ask, keep HTTPS running, or quit',
    choices: ['ask', 'keep', 'quit'],
  },
  '--start-at-login <yes|no>': {
    about: 'whether the desktop app starts when you log in',
    choices: ['yes', 'no'],
  },
  '--agents-may <changes>': {
    about:
      'changes that agents (edgekeep mcp) may make: nothing, domains, certificates, or domains,certificates',
    parse: agentPermissionsOf,
  },
} as const satisfies Flags
type SettingsOptions = OptionsOf<typeof settingsFlags>

export const settingsCommand = answer('settings', {
  summary: 'show or change the ports, workers and metrics of the edge, and the desktop app',
  about:
    'Show or change the ports, workers and metrics that the edge starts with. A change takes effect when Edgekeep starts again. "up" and "open" take the same options for one run. --on-close and --start-at-login are for the desktop app, --agents-may for "edgekeep mcp"; these take effect at once.',
  flags: settingsFlags,
  examples: [
    'settings --https-port 443 --http-port 80',
    'settings --agents-may domains',
    'settings --on-close keep --start-at-login yes',
  ],
  run: (global, options: SettingsOptions) => {
    const wanted = { edge: wantedFrom(options), desktop: desktopFrom(options), agents: options.agentsMay }
    const isChange = has(wanted.edge) || has(wanted.desktop) || wanted.agents !== undefined
    return withEngine(global, (session) => settings(session, wanted), isChange ? 'keys' : 'facts')
  },
})

async function settings({ client }: Session, wanted: SettingsChange): Promise<Result> {
  if (has(wanted.edge)) await setEdge(client, wanted.edge)
  if (has(wanted.desktop)) await client.desktop.setPreferences(wanted.desktop)
  if (wanted.agents) await client.engine.setAgents(wanted.agents)
  const { edgeStart, desktop, agents } = await client.engine.status()
  return {
    data: { ...edgeStart, waiting: waitingForStart(edgeStart), desktop, agents },
    text: formatSettings(edgeStart, desktop, agents),
  }
}

/** @throws `edge.changed_meanwhile` if another client has changed them since */
async function setEdge(client: Client, settings: Partial<EdgeSettings>): Promise<void> {
  const { kept } = (await client.engine.status()).edgeStart
  await client.engine.setEdge({ settings, read: sameSettings(settings, kept) })
}

interface SettingsChange {
  edge: Partial<EdgeSettings>
  desktop: Partial<DesktopPreferences>
  agents: AgentPermissions | undefined
}

const has = (changes: object) => Object.keys(changes).length > 0

function wantedFrom({ httpsPort, httpPort, workers, metrics }: SettingsOptions): Partial<EdgeSettings> {
  return {
    ...(httpsPort !== undefined && { httpsPort: portOf('--https-port', httpsPort) }),
    ...(httpPort !== undefined && { httpPort: portOf('--http-port', httpPort) }),
    ...(workers !== undefined && { workers: workersOf(workers) }),
    ...(metrics !== undefined && { metricsPort: metrics === 'off' ? null : portOf('--metrics', metrics) }),
  }
}

function desktopFrom({ onClose, startAtLogin }: SettingsOptions): Partial<DesktopPreferences> {
  return {
    ...(onClose !== undefined && { onClose: onClose === 'ask' ? null : onClose }),
    ...(startAtLogin !== undefined && { startAtLogin: startAtLogin === 'yes' }),
  }
}

const closing = { ask: 'asks', keep: 'keeps HTTPS running', quit: 'quits' }

function formatSettings(
  start: EdgeStart,
  { onClose, startAtLogin }: DesktopPreferences,
  agents: AgentPermissions,
): string {
  return factLines([
    ['HTTPS', withRun('httpsPort', start)],
    ['HTTP', withRun('httpPort', start)],
    ['Workers', withRun('workers', start)],
    ['Metrics', withRun('metricsPort', start)],
    ['', waitingForStart(start).length > 0 ? sentences.atNextStart : undefined],
    [
      'Desktop app',
      `${closing[onClose ?? 'ask']} when its window is closed; ${startAtLogin ? 'starts' : 'does not start'} at login`,
    ],
    ['Agents', `may change ${allowedChanges(agents).join(' and ') || 'nothing'}`],
  ])
}

const agentChanges = ['domains', 'certificates'] as const

function allowedChanges(agents: AgentPermissions): string[] {
  return agentChanges.filter((change) => agents[change])
}

/** @throws `usage.wrong` */
function agentPermissionsOf(text: string): AgentPermissions {
  const named = text === 'nothing' ? [] : text.split(',')
  const odd = named.find((name) => !agentChanges.some((change) => change === name))
  if (odd !== undefined)
    throw usageError(`--agents-may "${odd}" is not one of nothing, ${agentChanges.join(', ')}.`)
  return { domains: named.includes('domains'), certificates: named.includes('certificates') }
}

/** `8443`, with the override of this run. */
function withRun(name: keyof EdgeSettings, { kept, started, given }: EdgeStart): string {
  const formatPort = (value: number | 'auto' | null) => (value === null ? 'off' : String(value))
  if (started === null || started[name] === kept[name]) return formatPort(kept[name])
  const why = given.includes(name) ? 'set for this run' : 'until it starts again'
  return `${formatPort(kept[name])}; now ${formatPort(started[name])} (${why})`
}
