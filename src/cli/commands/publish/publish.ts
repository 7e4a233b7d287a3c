import type { Command } from 'commander'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type Cli, type Result, type Session, usageError } from '../../frame/command.ts'
import { type DryRunOptions, withDryRun } from '../../flags/confirmation.ts'
import { formatReports } from './format-reports.ts'

interface PublishOptions extends DryRunOptions {
  to: string
  withdraw?: string[]
}

export function publishCommand(program: Command, cli: Cli): void {
  withDryRun(program.command('publish [domains...]'))
    .summary('publish domains to a server of your own')
    .description(
      'Publish domains to a target beside those that it serves: origin, redirect, HSTS, TLS policy and a certificate of the local authority. The key is made at the server and never leaves it. The server tests the configuration before it reads it, the result is proven by handshakes and requests from outside, and what fails is rolled back. Without domains: what the target serves already, again.',
    )
    .requiredOption('--to <target>', 'target')
    .option('--withdraw <domains...>', 'domains that the target no longer serves')
    .addHelpText(
      'after',
      '\nExamples:\n  $ edgekeep publish shop.test --to web --dry-run\n  $ edgekeep publish shop.test api.shop.test --to web\n  $ edgekeep publish --to web --withdraw api.shop.test',
    )
    .action(cli.keys(publish))
}

async function publish({ client }: Session, domains: string[], options: PublishOptions): Promise<Result> {
  const { to: target, withdraw = [], dryRun = false } = options
  const { domains: served } = (await client.targets.show({ target })).target
  if (domains.length === 0 && withdraw.length === 0 && served.length === 0)
    throw usageError(`${target} serves nothing yet. Name the domains to publish.`)
  const servers = await client.targets.publish({ target, domains, withdraw, dryRun })
  const failed = servers.filter(({ state }) => !['planned', 'published', 'unchanged'].includes(state))
  return {
    data: { target, servers },
    text: formatReports(servers),
    no:
      failed.length > 0
        ? new EdgekeepError('publish.failed', { servers: failed.map(({ server }) => server) })
        : undefined,
  }
}
