import { Option, type Command } from 'commander'
import { defaultPolicies, type PolicySection } from '../../../contract/domains/policies.ts'
import { type TargetOptions, withTargets } from '../../bulk/targets.ts'
import type { PlannedRow } from '../../../client/bulk-run.ts'
import { runBulk } from '../../bulk/run-bulk.ts'
import type { Cli, Result, Session } from '../../frame/command.ts'
import { domainTargets } from '../../bulk/domain-targets.ts'
import { count } from '../../../contract/text/count.ts'
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
  withTargets(policy.command('copy <from> [domain...]'))
    .summary('copy the policies of a domain to others')
    .description(
      'Copy all policies of a domain, except backup origins and routes, to other domains in one change; or only some sections.',
    )
    .addOption(new Option('--section <name...>', 'only these').choices(Object.keys(defaultPolicies)))
    .addHelpText(
      'after',
      '\nExamples:\n  $ edgekeep policy copy shop.test api.shop.test img.shop.test\n  $ edgekeep policy copy shop.test --tag eu --dry-run',
    )
    .action(cli.keys(copy))
}

interface CopyOptions extends TargetOptions {
  section?: PolicySection[]
}

async function copy(session: Session, from: string, names: string[], options: CopyOptions): Promise<Result> {
  const { client } = session
  const sections = options.section
  const what = sections?.join(', ') ?? 'all policies except backup origins and routes'
  if (names.length > 0 && !names.includes('-') && !options.dryRun && options.file === undefined) {
    const { domains, effect } = await client.domains.copyPolicies({ from, to: names, sections })
    const domainList = domains.map(({ displayName }) => displayName).join(', ')
    return {
      data: { domains, effect },
      text: `${domainList}: ${what} as ${from}. ${formatEffect(effect)}`,
    }
  }
  const source = await client.domains.get({ domain: from })
  const { domains, refused } = await domainTargets(client, names, options)
  const others = domains.filter(({ name }) => name !== source.name)
  const rows = others.map(({ name, displayName }): PlannedRow => ({
    name: displayName,
    plan: `${what} as ${source.displayName}`,
    act: async () => ({
      effect: (await client.domains.copyPolicies({ from: source.name, to: [name], sections })).effect,
    }),
  }))
  const question = `Copy the policies of ${source.displayName} to ${count(others.length, 'domain')}?`
  return runBulk(session, { rows: [...rows, ...refused], options, question })
}
