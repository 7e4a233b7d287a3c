import { Command } from 'commander'
import { PRODUCT_VERSION } from '../contract/product-version.ts'
import { accessCommand } from './commands/access.ts'
import { auditCommand } from './commands/audit.ts'
import { authorityCommands } from './commands/authority.ts'
import { backupCommands } from './commands/backup.ts'
import { bodyLimitCommand } from './commands/body-limit.ts'
import { certificateCommands } from './commands/cert.ts'
import { checkCommand } from './commands/check.ts'
import { compareCommand } from './commands/compare.ts'
import { configCommands } from './commands/config.ts'
import { convertCommand } from './commands/convert.ts'
import { demoCommand } from './commands/demo.ts'
import { domainCommands } from './commands/domain.ts'
import { expiringCommand } from './commands/expiring.ts'
import { findingsCommand } from './commands/findings.ts'
import { headerCommands } from './commands/headers.ts'
import { hstsCommand } from './commands/hsts.ts'
import { httpsCommands } from './commands/https.ts'
import { inspectCommand } from './commands/inspect.ts'
import { lintCommand } from './commands/lint.ts'
import { logsCommand } from './commands/logs.ts'
import { matchCommand } from './commands/match.ts'
import { openCommand } from './commands/open.ts'
import { originCommands } from './commands/origin.ts'
import { policyCommands } from './commands/policy.ts'
import { preflightCommand } from './commands/preflight.ts'
import { redirectCommand } from './commands/redirect.ts'
import { reportCommand } from './commands/report.ts'
import { routeCommands } from './commands/route.ts'
import { statusCommand } from './commands/status.ts'
import { tlsCommand } from './commands/tls.ts'
import { upCommand } from './commands/up.ts'
import { usageCommands } from './commands/usage.ts'
import { vaultCommands } from './commands/vault.ts'
import { verifyCommand } from './commands/verify.ts'
import type { Cli, GlobalOptions } from './command.ts'
import { report } from './output.ts'
import { explainMistakes } from './usage-mistakes.ts'

const HELP_AFTER = `
Examples:
  $ edgekeep                                             open the window
  $ edgekeep domain add shop.test --origin http://127.0.0.1:3000
  $ edgekeep https on shop.test --free                   with a certificate of the local authority
  $ edgekeep https on shop.test --upload shop.crt shop.key
  $ edgekeep redirect shop.test https
  $ edgekeep check shop.test                             real requests through the edge
  $ edgekeep inspect fullchain.pem                       offline, nothing is stored
  $ edgekeep demo                                        the whole way in ten seconds, on throwaway state

Exit status: 0 yes, 1 no, 2 wrong use or input, 3 engine trouble.`

export function createProgram(exit: (status: number) => void): Command {
  const program = new Command('edgekeep')
  const globals = (): GlobalOptions => program.opts()
  const cli: Cli = {
    answer:
      (act) =>
      async (...args) =>
        exit(report(await act(globals(), ...args), globals().json ?? false)),
    run:
      (act) =>
      async (...args) =>
        exit(await act(globals(), ...args)),
  }
  program
    .description('A local HTTPS edge and certificate vault.')
    .version(PRODUCT_VERSION, '-V, --version')
    .option('--home <dir>', "Edgekeep's folder (else EDGEKEEP_HOME, else the system's place for it)")
    .option('--json', 'answer with one JSON object: {"ok":true,…} or {"ok":false,"error":{"code","message"}}')
    .option(
      '--vault-password-stdin',
      'where no engine runs: read the passphrase of the vault from the first line of standard input',
    )
    .addHelpText('after', HELP_AFTER)
    .showHelpAfterError(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride()
  const register = [
    openCommand,
    upCommand,
    statusCommand,
    domainCommands,
    certificateCommands,
    authorityCommands,
    httpsCommands,
    redirectCommand,
    originCommands,
    routeCommands,
    tlsCommand,
    hstsCommand,
    headerCommands,
    accessCommand,
    bodyLimitCommand,
    findingsCommand,
    policyCommands,
    checkCommand,
    logsCommand,
    auditCommand,
    usageCommands,
    vaultCommands,
    backupCommands,
    configCommands,
    inspectCommand,
    matchCommand,
    convertCommand,
    verifyCommand,
    lintCommand,
    preflightCommand,
    compareCommand,
    expiringCommand,
    reportCommand,
    demoCommand,
  ]
  for (const add of register) add(program, cli)
  explainMistakes(program)
  return program
}
