import { type Flags, type OptionsOf, facts, group, keys } from '../../frame/declare.ts'
import { defaultPolicies } from '../../../contract/domains/policies.ts'
import { targetFlags } from '../../bulk/targets.ts'
import type { PlannedRow } from '../../../client/bulk-run.ts'
import { runBulk } from '../../bulk/run-bulk.ts'
import type { Result, Session } from '../../frame/command.ts'
import { domainTargets } from '../../bulk/domain-targets.ts'
import { count } from '../../../contract/text/count.ts'
import { formatEffect } from '../../output/format.ts'

const copyFlags = {
  ...targetFlags(),
  '--section <name...>': {
    about: 'only these',
    choices: Object.keys(defaultPolicies) as (keyof typeof defaultPolicies)[],
  },
} as const satisfies Flags
type CopyOptions = OptionsOf<typeof copyFlags>

export const policyCommands = group('policy', 'show and copy the policies of domains', [
  facts('show <domain>', {
    about: 'Show every policy of a domain, as YAML.',
    examples: ['policy show shop.test'],
    run: async ({ client }, name: string) => {
      const { stringify } = await import('yaml')
      const { policies } = await client.domains.get({ domain: name })
      return { data: { policies }, text: stringify(policies, { lineWidth: 0 }).trimEnd() }
    },
  }),
  keys('copy <from> [domain...]', {
    summary: 'copy the policies of a domain to others',
    about:
      'Copy all policies of a domain, except backup origins and routes, to other domains in one change; or only some sections.',
    flags: copyFlags,
    examples: [
      'policy copy shop.test api.shop.test img.shop.test',
      'policy copy shop.test --tag eu --dry-run',
    ],
    run: copy,
  }),
])

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
