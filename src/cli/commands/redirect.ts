import { Argument, Option, type Command } from 'commander'
import type { Redirect } from '../../contract/domains.ts'
import type { Cli } from '../command.ts'
import { withEngine } from '../session.ts'
import { effectInWords, redirectInWords } from '../words.ts'

export function redirectCommand(program: Command, cli: Cli): void {
  program
    .command('redirect')
    .argument('<domain>')
    .addArgument(new Argument('<mode>', 'none, HTTP→HTTPS, or HTTPS→HTTP').choices(['none', 'https', 'http']))
    .addOption(
      new Option('--code <status>', 'status code of the redirect')
        .choices(['301', '302', '307', '308'])
        .default('301'),
    )
    .summary('redirect HTTP to HTTPS, or back')
    .description(
      'Redirect HTTP to HTTPS, or back. A browser remembers 301 and 308; 302 and 307 it asks for again.',
    )
    .addHelpText('after', '\nExample:\n  $ edgekeep redirect shop.test https --code 302')
    .action(
      cli.answer((global, name: string, mode: Redirect['mode'], options: { code: string }) =>
        withEngine(global, async ({ client }) => {
          const redirect = { mode, code: Number(options.code) as Redirect['code'] }
          const { domain, effect } = await client.domains.setRedirect({ domain: name, redirect })
          const words = `${domain.displayName}: redirect ${redirectInWords(domain)}. ${effectInWords(effect)}`
          return { data: { domain, effect }, words }
        }),
      ),
    )
}
