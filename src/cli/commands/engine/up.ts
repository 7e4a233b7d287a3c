import { type Flags, type OptionsOf, runs } from '../../frame/declare.ts'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { printError, printLine, reportFailure } from '../../output/output.ts'
import type { GlobalOptions } from '../../frame/command.ts'
import { serveProject } from './serve-project.ts'
import { statusLines } from '../../output/status-lines.ts'

const upFlags = {
  '--no-ui': 'do not serve the window',
  '--https-port <port>': 'HTTPS port of the edge, for this run',
  '--http-port <port>': 'HTTP port of the edge, for this run',
  '--workers <number|auto>': 'edge processes for this run; auto: one, and up to four under load',
  '--metrics <port>': 'serve Prometheus metrics on 127.0.0.1, to every program on this computer',
  '--yes': 'serve the edgekeep.yaml of this folder without asking',
  '--take': 'with --yes: also take over domains that are not of this project',
} as const satisfies Flags
type UpOptions = OptionsOf<typeof upFlags>

export const upCommand = runs('up', {
  summary: 'run the engine and the edge in the foreground',
  about:
    'Run the engine and the edge in the foreground, and serve the window to browsers on this computer. In a project’s folder also serves what its edgekeep.yaml says: the differences are shown first. Ctrl-C stops everything.',
  flags: upFlags,
  help: '\nExample:\n  $ edgekeep up --https-port 443 --http-port 80\n\nTo change them for every run: "edgekeep settings".',
  run: up,
})

async function up(global: GlobalOptions, options: UpOptions): Promise<number> {
  const [{ openHome }, { statusOn, withRunningEngine }, { findInstallation }, { startWebHost }] =
    await Promise.all([
      import('../../../engine-process/home.ts'),
      import('./foreground.ts'),
      import('../../../engine-process/installation.ts'),
      import('../../../web/web-host.ts'),
    ])
  const home = openHome(global.home)
  const lost = await withRunningEngine(home, options, async ({ isJoined, end }) => {
    await serveProject(home, process.cwd(), options)
    const window = options.ui
      ? await startWebHost({ home, rendererFolder: findInstallation().rendererFolder })
      : null
    try {
      // Includes the domains of the project.
      const status = await statusOn(home)
      sayReady(global, { isJoined, status, url: window?.url })
      return isJoined && !window ? undefined : await end
    } finally {
      await window?.close()
    }
  })
  if (lost === undefined) return 0
  if (lost) return reportFailure(lost, false)
  if (!global.json) printError('Ended.')
  return 0
}

interface Ready {
  isJoined: boolean
  status: EngineStatus | undefined
  url: string | undefined
}

function sayReady(global: GlobalOptions, { isJoined, status, url }: Ready): void {
  if (!global.json) return printLine(welcome(statusLines(status, global), isJoined, url))
  const [httpsPort, httpPort] = [status?.edge.https?.port, status?.edge.http?.port]
  printLine(JSON.stringify({ ok: true, httpsPort, httpPort, ui: url ?? null, alreadyRunning: isJoined }))
}

function welcome(listening: string[], running: boolean, url: string | undefined): string {
  return [
    running ? 'Edgekeep is running already.' : 'Edgekeep is running.',
    ...listening,
    ...(url ? [`  Window ${url}`, '         (this address is good once)'] : []),
    ...(running && !url ? [] : ['Ctrl-C ends it.']),
  ].join('\n')
}
