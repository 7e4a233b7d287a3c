import type { Command } from 'commander'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { devServerLines } from '../../output/dev-server-lines.ts'
import type { Cli } from '../../frame/command.ts'

export function checkCommand(program: Command, cli: Cli): void {
  program
    .command('check <domain>')
    .summary('verify a domain with real requests through the edge')
    .description(
      'Send real requests through the running edge, over HTTP and HTTPS, and show what a browser would see.',
    )
    .addHelpText('after', '\nExample:\n  $ edgekeep check shop.test')
    .action(
      cli.facts(async ({ client }, name: string) => {
        const check = await client.domains.check({ domain: name })
        const lines = check.steps.map(({ ok, title, seen }) => `${ok ? '✓' : '✗'} ${title}: ${seen}`)
        const refusedBy = check.steps.find((step) => step.refusedBy)?.refusedBy
        const no = check.ok ? undefined : new EdgekeepError('check.failed', { reason: check.summary })
        return {
          data: { check },
          text: [...lines, ...devServerLines(refusedBy, name), check.summary].join('\n'),
          no,
        }
      }),
    )
}
