import type { Command } from 'commander'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type Cli, type Result, type Session, usageError } from '../../frame/command.ts'
import { type DryRunOptions, withDryRun } from '../../flags/confirmation.ts'
import { followPublication, type PublishProgress } from '../../../client/follow-publication.ts'
import type { PublishInput, ServerReport } from '../../../contract/targets/targets.ts'
import { printError, printLine } from '../../output/output.ts'
import { lateProgress } from '../../output/progress.ts'
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

async function publish(session: Session, domains: string[], options: PublishOptions): Promise<Result> {
  const { client } = session
  const { to: target, withdraw = [], dryRun = false } = options
  const { domains: served } = (await client.targets.show({ target })).target
  if (domains.length === 0 && withdraw.length === 0 && served.length === 0)
    throw usageError(`${target} serves nothing yet. Name the domains to publish.`)
  const servers = await followed(session, { target, domains, withdraw, dryRun })
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

/** Publishes with a line of progress, or with `--json` a line for each step. Ctrl-C cancels, once. */
async function followed({ client, global }: Session, input: PublishInput): Promise<ServerReport[]> {
  const progress = lateProgress()
  const cancel = () => {
    printError('\nCancelling: servers that have the new release get the former one again.')
    void client.targets.cancel({ target: input.target })
  }
  process.once('SIGINT', cancel)
  try {
    return await followPublication(await client.targets.publish(input), (event) => {
      if (event.type === 'running') progress.tell(formatRunning(event))
      else if (global.json) printLine(JSON.stringify(event))
    })
  } finally {
    process.off('SIGINT', cancel)
    progress.end()
  }
}

function formatRunning({ server, step, done, total }: Extract<PublishProgress, { type: 'running' }>): string {
  return `${server}: ${step}${total > 0 ? ` ${done} of ${total}` : ''}`
}
