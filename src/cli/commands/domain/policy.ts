import { Option, type Command } from 'commander'
import { defaultPolicies, type PolicySection } from '../../../contract/domains/policies.ts'
import type { Cli } from '../../frame/command.ts'
import { formatEffect } from '../../output/format.ts'

export function policyCommands(program: Command, cli: Cli): void {
  const policy = program.command('policy').description('show and copy the policies of domains')
  policy
    .command('show <domain>')
    .description('Show every policy of a domain, as YAML.')
    .addHelpText('after', '\nExample:\n  $ edgekeep policy show shop.test')
    .action(
      cli.facts(async ({ client }, name: string) => {
        const { stringify } = await import('yaml')
        const { policies } = await client.domains.get({ domain: name })
        return { data: { policies }, text: stringify(policies, { lineWidth: 0 }).trimEnd() }
      }),
    )
  policy
    .command('copy <from> <domain...>')
    .description(
      'Copy all policies of a domain, except backup origins and routes, to other domains in one change; or only some sections.',
    )
    .addOption(new Option('--section <name...>', 'only these').choices(Object.keys(defaultPolicies)))
    .addHelpText('after', '\nExample:\n  $ edgekeep policy copy shop.test api.shop.test img.shop.test')
    .action(
      cli.keys(async ({ client }, from: string, names: string[], options: { section?: PolicySection[] }) => {
        const { domains, effect } = await client.domains.copyPolicies({
          from,
          to: names,
          sections: options.section,
        })
        const domainList = domains.map(({ displayName }) => displayName).join(', ')
        return {
          data: { domains, effect },
          text: `${domainList}: ${options.section?.join(', ') ?? 'all policies except backup origins and routes'} as ${from}. ${formatEffect(effect)}`,
        }
      }),
    )
}
