import { styleText } from 'node:util'
import { Command } from 'commander'
import { productVersion } from '../contract/engine/product-version.ts'
import { accessCommand } from './commands/domain/access.ts'
import { acmeCommands } from './commands/acme/acme.ts'
import { renewCommand } from './commands/renewal/renew.ts'
import { auditCommand } from './commands/vault/audit.ts'
import { authorityCommands } from './commands/trust/authority.ts'
import { namesCommands } from './commands/setup/names.ts'
import { portsCommands } from './commands/setup/ports.ts'
import { setupCommand } from './commands/setup/setup.ts'
import { serviceCommands } from './commands/setup/service.ts'
import { uninstallCommand } from './commands/setup/uninstall.ts'
import { trustCommands } from './commands/trust/trust.ts'
import { backupCommands } from './commands/vault/backup.ts'
import { mcpCommand } from './commands/agent/mcp.ts'
import { bodyLimitCommand } from './commands/domain/body-limit.ts'
import { certificateCommands } from './commands/cert/cert.ts'
import { checkCommand } from './commands/domain/check.ts'
import { compareCommand } from './commands/files/compare.ts'
import { configCommands } from './commands/vault/config.ts'
import { containersCommand } from './commands/container/containers-command.ts'
import { convertCommand } from './commands/files/convert.ts'
import { demoCommand } from './commands/demo/demo.ts'
import { projectCommands } from './commands/develop/project.ts'
import { runCommand } from './commands/develop/run.ts'
import { domainCommands } from './commands/domain/domain.ts'
import { expiringCommand } from './commands/files/expiring.ts'
import { getCommand } from './commands/domain/get.ts'
import { findingsCommand } from './commands/domain/findings.ts'
import { headerCommands } from './commands/domain/headers.ts'
import { hstsCommand } from './commands/domain/hsts.ts'
import { httpsCommands } from './commands/domain/https.ts'
import { lanCommands } from './commands/lan/lan.ts'
import { importCommand } from './commands/import/import.ts'
import { inspectCommand } from './commands/files/inspect.ts'
import { lintCommand } from './commands/files/lint.ts'
import { logsCommand } from './commands/engine/logs.ts'
import { matchCommand } from './commands/files/match.ts'
import { openCommand } from './commands/engine/open.ts'
import { originCommands } from './commands/domain/origin.ts'
import { policyCommands } from './commands/domain/policy.ts'
import { preflightCommand } from './commands/files/preflight.ts'
import { redirectCommand } from './commands/domain/redirect.ts'
import { publishCommand } from './commands/publish/publish.ts'
import { targetCommands } from './commands/publish/target.ts'
import { reportCommand } from './commands/files/report.ts'
import { routeCommands } from './commands/domain/route.ts'
import { noticeCommands } from './commands/engine/notice.ts'
import { settingsCommand } from './commands/engine/settings.ts'
import { completionCommand } from './commands/engine/completion.ts'
import { stopCommands } from './commands/engine/stop.ts'
import { statusCommand } from './commands/engine/status.ts'
import { trafficCommands } from './commands/engine/traffic.ts'
import { tlsCommand } from './commands/domain/tls.ts'
import { upCommand } from './commands/engine/up.ts'
import { usageCommands } from './commands/engine/usage.ts'
import { watchCommands } from './commands/watch/watch.ts'
import { vaultCommands } from './commands/vault/vault.ts'
import { lockCommands } from './commands/vault/locking.ts'
import { verifyCommand } from './commands/files/verify.ts'
import type { Cli, GlobalOptions } from './frame/command.ts'
import type { AddCommand } from './frame/declare.ts'
import { hasColour } from './output/colour.ts'
import { report } from './output/output.ts'
import { withEngine } from './session.ts'
import { explainMistakes } from './usage-mistakes.ts'

const helpAfter = `
Examples:
  $ edgekeep                                             open the window
  $ edgekeep domain add shop.test --origin http://127.0.0.1:3000
  $ edgekeep https on shop.test --free                   with a certificate of the local authority
  $ edgekeep https on shop.test --upload shop.crt shop.key
  $ edgekeep redirect shop.test https
  $ edgekeep setup shop.test                             set up trusted HTTPS for it, all shown first
  $ edgekeep run                                         your development server at https://NAME.localhost
  $ edgekeep check shop.test                             real requests through the edge
  $ edgekeep inspect fullchain.pem                       offline, nothing is stored
  $ edgekeep demo                                        the main job in ten seconds, in a temporary folder

Exit status: 0 yes, 1 no, 2 wrong usage or input, 3 engine failure.`

/** Groups of the help, in its order. Each command is in one. */
const groups: [title: string, commands: AddCommand[]][] = [
  ['Start here', [setupCommand, runCommand, openCommand, domainCommands, checkCommand, inspectCommand]],
  [
    'Serve',
    [
      importCommand,
      httpsCommands,
      redirectCommand,
      originCommands,
      routeCommands,
      tlsCommand,
      hstsCommand,
      headerCommands,
      accessCommand,
      bodyLimitCommand,
      policyCommands,
      containersCommand,
      projectCommands,
      findingsCommand,
      getCommand,
      logsCommand,
      trafficCommands,
      usageCommands,
    ],
  ],
  [
    'Certificates',
    [certificateCommands, renewCommand, expiringCommand, watchCommands, authorityCommands, acmeCommands],
  ],
  ['Publish', [publishCommand, targetCommands]],
  [
    'This computer',
    [trustCommands, namesCommands, portsCommands, lanCommands, serviceCommands, uninstallCommand],
  ],
  [
    'Inspect',
    [
      verifyCommand,
      matchCommand,
      convertCommand,
      compareCommand,
      lintCommand,
      preflightCommand,
      reportCommand,
    ],
  ],
  ['Vault', [vaultCommands, lockCommands, backupCommands, configCommands, auditCommand]],
  [
    'Engine',
    [
      upCommand,
      stopCommands,
      statusCommand,
      noticeCommands,
      settingsCommand,
      mcpCommand,
      demoCommand,
      completionCommand,
    ],
  ],
]

export function createProgram(exit: (status: number) => void): Command {
  const program = new Command('edgekeep')
  const globals = (): GlobalOptions => program.opts()
  const answer: Cli['answer'] =
    (act) =>
    async (...args) =>
      exit(report(await act(globals(), ...args), globals().json ?? false, globals().verbose))
  const cli: Cli = {
    answer,
    keys: (act) => answer((global, ...args) => withEngine(global, (session) => act(session, ...args))),
    facts: (act) =>
      answer((global, ...args) => withEngine(global, (session) => act(session, ...args), 'facts')),
    run:
      (act) =>
      async (...args) =>
        exit(await act(globals(), ...args)),
  }
  program
    .description('A local HTTPS edge and certificate vault.')
    .version(productVersion, '-V, --version')
    .option('--home <dir>', "Edgekeep's folder (else EDGEKEEP_HOME, else the system's place for it)")
    .option(
      '--json',
      'answer with one JSON object: {"ok":true,…} or {"ok":false,"error":{"code","message"}}; before it one a line for each row of an act on many',
    )
    .option('--verbose', 'say more: the version of the configuration that is in effect')
    .option('--no-color', 'no colours at a terminal, as with NO_COLOR')
    .option(
      '--vault-password-stdin',
      'if no engine is running: read the vault’s passphrase from the first line of standard input',
    )
    .addHelpText('after', helpAfter)
    .configureHelp({
      styleTitle: (title) => styleText('bold', title, { validateStream: false }),
      commandDescription: (command) => asSentence(command.description()),
      subcommandDescription: (command) => command.summary() || asPhrase(command.description()),
    })
    .showHelpAfterError(false)
    .configureOutput({
      writeErr: () => undefined,
      getOutHasColors: () => hasColour(process.stdout),
      getErrHasColors: () => false,
    })
    .exitOverride()
  for (const [title, commands] of groups) {
    program.commandsGroup(`${title}:`)
    for (const add of commands) add(program, cli)
  }
  // In the last group.
  program.helpCommand('help [command...]', 'display help for a command')
  explainMistakes(program)
  return program
}

/** Formats a description for the head of its own help; that of a group of commands is a phrase. */
function asSentence(description: string): string {
  const sentence = description.charAt(0).toUpperCase() + description.slice(1)
  return sentence === '' || sentence.endsWith('.') ? sentence : `${sentence}.`
}

/** Formats a description for a list of commands: its first sentence, without capital letter and full stop. */
function asPhrase(description: string): string {
  const [sentence = ''] = description.replace(/\.$/, '').split('. ', 1)
  return /^[A-Z][a-z]/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence
}
