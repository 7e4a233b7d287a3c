import type { Command } from 'commander'
import { waitingForStart, type EdgeSettings, type EdgeStart } from '../../../contract/edge-settings.ts'
import type { Cli } from '../../command.ts'
import { portOf, workersOf } from '../../flags/start.ts'
import type { Result } from '../../output/output.ts'
import { facts } from '../../output/words.ts'
import { withEngine, type Session } from '../../session.ts'

interface SettingsOptions {
  httpsPort?: string
  httpPort?: string
  workers?: string
  metrics?: string
}

/** How the edge starts, kept in the vault; `up` and `open` can say otherwise for one run. */
export function settingsCommand(program: Command, cli: Cli): void {
  program
    .command('settings')
    .summary('show or change the ports, workers and metrics of the edge')
    .description(
      'Show or change the ports, workers and metrics that the edge starts with. A change takes effect when Edgekeep starts again. "up" and "open" take the same options for one run.',
    )
    .option('--https-port <port>', 'HTTPS port of the edge')
    .option('--http-port <port>', 'HTTP port of the edge')
    .option('--workers <number|auto>', 'edge processes; auto: one, and up to four under load')
    .option('--metrics <port|off>', 'port for Prometheus metrics on 127.0.0.1')
    .addHelpText('after', '\nExample:\n  $ edgekeep settings --https-port 443 --http-port 80')
    .action(
      cli.answer((global, options: SettingsOptions) => {
        const wanted = wantedFrom(options)
        const isChange = Object.keys(wanted).length > 0
        return withEngine(global, (session) => settings(session, wanted), isChange ? 'keys' : 'facts')
      }),
    )
}

async function settings({ client }: Session, wanted: Partial<EdgeSettings>): Promise<Result> {
  if (Object.keys(wanted).length > 0) await client.engine.setEdge(wanted)
  const { edgeStart } = await client.engine.status()
  return { data: { ...edgeStart, waiting: waitingForStart(edgeStart) }, words: inWords(edgeStart) }
}

function wantedFrom({ httpsPort, httpPort, workers, metrics }: SettingsOptions): Partial<EdgeSettings> {
  return {
    ...(httpsPort !== undefined && { httpsPort: portOf('--https-port', httpsPort) }),
    ...(httpPort !== undefined && { httpPort: portOf('--http-port', httpPort) }),
    ...(workers !== undefined && { workers: workersOf(workers) }),
    ...(metrics !== undefined && { metricsPort: metrics === 'off' ? null : portOf('--metrics', metrics) }),
  }
}

function inWords(start: EdgeStart): string {
  return facts([
    ['HTTPS', withRun('httpsPort', start)],
    ['HTTP', withRun('httpPort', start)],
    ['Workers', withRun('workers', start)],
    ['Metrics', withRun('metricsPort', start)],
    [
      '',
      waitingForStart(start).length > 0 ? 'The change takes effect when Edgekeep starts again.' : undefined,
    ],
  ])
}

/** `8443`, and what this run has instead. */
function withRun(name: keyof EdgeSettings, { kept, started, given }: EdgeStart): string {
  const said = (value: number | 'auto' | null) => (value === null ? 'off' : String(value))
  if (started === null || started[name] === kept[name]) return said(kept[name])
  const why = given.includes(name) ? 'set for this run' : 'until it starts again'
  return `${said(kept[name])}; now ${said(started[name])} (${why})`
}
