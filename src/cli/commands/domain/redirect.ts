import { Argument, Option, type Command } from 'commander'
import type { Redirect } from '../../../contract/domains/domains.ts'
import type { Cli } from '../../frame/command.ts'
import { acmeChallengePath } from '../../../contract/domains/policies.ts'
import { formatEffect, formatRedirect } from '../../output/format.ts'

interface RedirectOptions {
  code?: string
  /** False for `--no-except`. */
  except?: string[] | false
}

export function redirectCommand(program: Command, cli: Cli): void {
  program
    .command('redirect')
    .argument('<domain>')
    .addArgument(new Argument('<mode>', 'none, HTTP→HTTPS, or HTTPS→HTTP').choices(['none', 'https', 'http']))
    .addOption(
      new Option('--code <status>', 'status code of the redirect (default: as it is, at first 301)').choices([
        '301',
        '302',
        '307',
        '308',
      ]),
    )
    .option(
      '--except <path...>',
      `excluded paths; end one with "*" to match everything that begins with it (${acmeChallengePath})`,
    )
    .option('--no-except', 'exclude no paths')
    .summary('redirect HTTP to HTTPS, or back')
    .description('Redirect HTTP to HTTPS, or the other way. Browsers cache 301 and 308, but not 302 and 307.')
    .addHelpText(
      'after',
      `
Examples:
  $ edgekeep redirect shop.test https --code 302
  $ edgekeep redirect shop.test https --except '${acmeChallengePath}'`,
    )
    .action(
      cli.keys(async ({ client }, name: string, mode: Redirect['mode'], options: RedirectOptions) => {
        const { redirect: present } = await client.domains.get({ domain: name })
        const code = options.code === undefined ? present.code : (Number(options.code) as Redirect['code'])
        const { domain, effect } = await client.domains.setRedirect({
          domain: name,
          redirect: { mode, code },
          policy: options.except === undefined ? undefined : { except: options.except || [] },
        })
        const text = `${domain.displayName}: redirect ${formatRedirect(domain)}. ${formatEffect(effect)}`
        return { data: { domain, effect }, text }
      }),
    )
}
