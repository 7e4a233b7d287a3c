import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import { EdgekeepError } from '../../../contract/errors.ts'
import { printError, printLine, reportFailure } from '../../output/output.ts'
import type { Cli, GlobalOptions } from '../../command.ts'

interface OpenOptions {
  browser?: boolean
  httpsPort?: string
  httpPort?: string
  workers?: string
}

/** Without a command: the window. The engine ends with it, unless it ran before. */
export function openCommand(program: Command, cli: Cli): void {
  program
    .command('open [file...]')
    .description(
      'Open the window (what "edgekeep" without a command does), with an engine of its own unless one runs. Files and folders that are named are opened in the Inspector of the desktop app.',
    )
    .option('--browser', 'in a browser, even where the desktop app is there')
    .option('--https-port <port>', 'where the edge listens for HTTPS (8443)')
    .option('--http-port <port>', 'where the edge listens for HTTP (8080)')
    .option('--workers <number>', 'how many processes the edge serves with (1)')
    .action(cli.run((global, paths: string[], options: OpenOptions) => open(global, options, paths)))
  program.action(cli.run((global) => open(global, {})))
}

async function open(global: GlobalOptions, options: OpenOptions, paths: string[] = []): Promise<number> {
  const files = paths.map(pathThatIsThere)
  const [{ openHome }, { openWindow }, { withRunningEngine }, { statusLines }] = await Promise.all([
    import('../../../launch/home.ts'),
    import('../../../launch/open-window.ts'),
    import('./foreground.ts'),
    import('../../output/status-lines.ts'),
  ])
  const home = openHome(global.home)
  const say = global.json ? printError : printLine
  const lost = await withRunningEngine(home, options, async ({ isJoined, status, end }) => {
    const first = isJoined ? 'Edgekeep is running already; this window joins it.' : 'Edgekeep is running.'
    say([first, ...statusLines(status)].join('\n'))
    const window = await openWindow({ home, preferBrowser: options.browser, files, out: say })
    try {
      say(isJoined ? 'Ctrl-C ends this window.' : 'Ctrl-C ends everything.')
      return await Promise.race([end, window.closed.then(() => null)])
    } finally {
      await window.close()
    }
  })
  if (lost) return reportFailure(lost, global.json ?? false)
  if (global.json) printLine(JSON.stringify({ ok: true }))
  return 0
}

function pathThatIsThere(path: string): string {
  if (existsSync(path)) return resolve(path)
  throw new EdgekeepError('input.file_unreadable', {
    file: basename(path),
    reason: 'there is no such file',
  })
}
