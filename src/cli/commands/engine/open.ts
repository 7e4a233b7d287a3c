import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { type OptionsOf, all, runs } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { printError, printLine, reportFailure } from '../../output/output.ts'
import type { GlobalOptions } from '../../frame/command.ts'

const openFlags = {
  '--with <browser>': 'for a domain: chromium or firefox (default: the first one installed)',
  '--browser': 'in a browser, even if the desktop app is installed',
  '--https-port <port>': 'HTTPS port of the edge, for this run',
  '--http-port <port>': 'HTTP port of the edge, for this run',
  '--workers <number|auto>': 'edge processes for this run; auto: one, and up to four under load',
} as const
type OpenOptions = OptionsOf<typeof openFlags>

/** Opens the window, also without a command. The engine ends with it, unless it ran before. */
export const openCommand = all([
  runs('open [name-or-file...]', {
    summary: 'open the window, a domain, or files',
    about:
      'Open the window (the default command). Starts an engine unless one is running. A domain is opened in a browser with a throwaway profile that uses the edge and trusts the local authority: nothing on this computer is changed. Files and folders are opened in the desktop app’s Inspector.',
    flags: openFlags,
    examples: [
      'open                             the window',
      'open shop.test --with firefox    a domain, in a throwaway profile',
      'open fullchain.pem privkey.pem   files, in the Inspector',
    ],
    run: (global, paths: string[], options: OpenOptions) => open(global, options, paths),
  }),
  (program, cli) => program.action(cli.run((global) => open(global, {}))),
])

async function open(global: GlobalOptions, options: OpenOptions, paths: string[] = []): Promise<number> {
  const [name] = paths
  if (paths.length === 1 && name !== undefined && isName(name)) {
    const { openSite } = await import('./open-site.ts')
    return openSite(global, options, name)
  }
  const files = paths.map(pathThatIsThere)
  const [{ openHome }, { openWindow }, { lookForInstallation }, { withRunningEngine }, { statusLines }] =
    await Promise.all([
      import('../../../engine-process/home.ts'),
      import('../../../engine-process/open-window.ts'),
      import('../../../engine-process/installed-at.ts'),
      import('./foreground.ts'),
      import('../../output/status-lines.ts'),
    ])
  const home = openHome(global.home)
  const say = global.json ? printError : printLine
  const isClone = lookForInstallation()?.kind === 'checkout'
  const lost = await withRunningEngine(home, options, async ({ isJoined, status, end }) => {
    const first = isJoined ? 'Edgekeep is running already; this window joins it.' : 'Edgekeep is running.'
    say([first, ...statusLines(status, global), ...(isClone ? [typedInClone] : [])].join('\n'))
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

const typedInClone = '  Shell  in this clone, the command "edgekeep" is "npx edgekeep"'

/** True for a word that has the form of a domain and is not a file here. */
export function isName(word: string): boolean {
  return !existsSync(word) && /^[^./\\\s][^/\\\s]*\.[^./\\\s]+$/.test(word)
}

function pathThatIsThere(path: string): string {
  if (existsSync(path)) return resolve(path)
  throw new EdgekeepError('input.file_unreadable', {
    file: basename(path),
    reason: 'there is no such file',
  })
}
