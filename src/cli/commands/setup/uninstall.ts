import { quoted } from '../../../platform/commands/shell.ts'
import { join } from 'node:path'
import { existsSync, readFileSync } from 'node:fs'
import { facts } from '../../frame/declare.ts'
import { homedir } from 'node:os'
import type { SetupSelection } from '../../../contract/trust/setup.ts'
import { openHome } from '../../../engine-process/home.ts'
import { lookForInstallation } from '../../../engine-process/installed-at.ts'
import type { Session, Result } from '../../frame/command.ts'
import { dryRunFlag, type DryRunOptions, yesFlag, type ErasureOptions } from '../../flags/confirmation.ts'
import { changeComputer } from '../../changes/carry-out.ts'

const examples = `
Examples:
  $ edgekeep uninstall         shows what it undoes, and asks
  $ edgekeep uninstall --yes   without the first question; a script for the administrator is still shown

Exit status: 0 everything is undone, 1 not everything.`

/** Reverts all changes to this computer for one person, before the package is removed. */
export const uninstallCommand = facts('uninstall', {
  summary: 'undo everything that was changed on this computer, before you remove Edgekeep',
  about:
    'Undo everything that Edgekeep changed on this computer for you: trust in the local authority, names, ports, start at login and the systemd unit. Shows the whole plan and asks first; the administrator’s password is asked for once. The vault with your certificates stays until you delete its folder.',
  flags: { ...yesFlag, ...dryRunFlag },
  help: examples,
  // Works without the vault's passphrase, since a lost one must not prevent an uninstall.
  run: uninstall,
})

async function uninstall(
  { client, global, engineRuns }: Session,
  options: ErasureOptions & DryRunOptions,
): Promise<Result> {
  const selection: SetupSelection = { action: 'undo', parts: ['trust', 'names', 'ports', 'login'] }
  const undone = await changeComputer(client, global, {
    ...options,
    selection,
    question: 'Undo all of that?',
    nothing: 'Nothing on this computer is changed.',
  })
  if (options.dryRun) return undone
  const { kept: proxyPort } = await client.names.proxy()
  const folder = openHome(global.home).folder
  const servers = (await client.runs.list()).map(({ service, address }) => `${service} (${address})`)
  const left = [
    ...shellTraces(homedir()),
    ...(proxyPort === null
      ? []
      : [
          `- In browsers that you gave http://127.0.0.1:${proxyPort}/proxy.pac, take that address out of the settings.`,
        ]),
    ...(servers.length > 0
      ? [
          `- End the development servers that run, whose addresses browsers no longer trust: ${servers.join(', ')}`,
        ]
      : []),
    ...(engineRuns ? ['- End Edgekeep, which is running: edgekeep stop'] : []),
    `- ${removal()}`,
    `- Delete ${folder} if you no longer need the certificates and keys in the vault.`,
  ]
  return { ...undone, text: [undone.text, '', 'What is left to do:', ...left].join('\n') }
}

function removal(platform = process.platform): string {
  const kind = lookForInstallation()?.kind
  if (kind === 'npm') return 'Remove the program: npm uninstall --global edgekeep'
  if (kind !== 'desktop') return 'Delete the checkout.'
  if (platform === 'darwin') return 'Move Edgekeep from Applications to the Trash.'
  if (platform === 'win32') return 'Remove Edgekeep in Settings, Apps, Installed apps.'
  return 'Remove the package: sudo apt remove edgekeep, sudo dnf remove edgekeep, or delete the AppImage.'
}

const startFiles = ['.bashrc', '.bash_profile', '.profile', '.zshrc', '.zprofile', '.config/fish/config.fish']
const completionFiles = [
  '.local/share/bash-completion/completions/edgekeep',
  '.config/fish/completions/edgekeep.fish',
]

/**
 * Steps to remove what people put into their shells by hand: lines that load the completion or the variables
 * of `trust env`, which fail once the program is gone, and saved completions.
 */
function shellTraces(home: string): string[] {
  const lines = startFiles.flatMap((name) => {
    const path = join(home, name)
    return linesOf(path).flatMap((line, at) =>
      /\bedgekeep (?:completion|trust env)\b/.test(line.split('#')[0] ?? '')
        ? [`- Delete line ${at + 1} of ${path}, which runs Edgekeep.`]
        : [],
    )
  })
  const files = completionFiles.map((name) => join(home, name)).filter((path) => existsSync(path))
  return [...lines, ...files.map((path) => `- Delete the shell completion: rm ${quoted(path)}`)]
}

/** Lines of a file; none if it cannot be read. */
function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}
