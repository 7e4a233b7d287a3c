import { Argument, type Command } from 'commander'
import type { HeaderRule } from '../../../contract/domains/header-rules.ts'
import { type Cli, type Session, type Result, usageError } from '../../frame/command.ts'
import { formatEffect } from '../../output/format.ts'
import { formatHeaderRule } from '../../output/format-policies.ts'
import { changePolicies } from './change-policies.ts'

export function headerCommands(program: Command, cli: Cli): void {
  const headers = program.command('headers').description('rules for header fields')
  headers
    .command('list <domain>')
    .description('List a domain’s header rules, in order.')
    .addHelpText('after', '\nExample:\n  $ edgekeep headers list shop.test')
    .action(cli.facts(list))
  headers
    .command('add')
    .argument('<domain>')
    .addArgument(new Argument('<on>', 'direction: request or response').choices(['request', 'response']))
    .addArgument(new Argument('<action>', 'set, add or drop').choices(['set', 'add', 'drop']))
    .argument('<name>', 'name of the header field')
    .argument('[value]', 'value; not used with drop')
    .summary('add a header rule')
    .description(
      'Add a header rule after the existing ones: set (replace) a field, add another one, or drop it. Values are shown and exported as they are, so do not put secrets in them.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ edgekeep headers add shop.test response set Cache-Control no-store
  $ edgekeep headers add shop.test request drop Accept-Encoding`,
    )
    .action(
      cli.keys(
        (
          session,
          name: string,
          on: HeaderRule['on'],
          action: HeaderRule['action'],
          field: string,
          value: string | undefined,
        ) => change(session, name, (rules) => [...rules, { on, action, name: field, value: value ?? '' }]),
      ),
    )
  headers
    .command('remove <domain> <number>')
    .description('Remove a header rule by its number.')
    .addHelpText('after', '\nExample:\n  $ edgekeep headers remove shop.test 1')
    .action(
      cli.keys((session, name: string, number: string) =>
        change(session, name, (rules) => without(rules, number)),
      ),
    )
  headers
    .command('clear <domain>')
    .description('Remove all header rules of a domain.')
    .addHelpText('after', '\nExample:\n  $ edgekeep headers clear shop.test')
    .action(cli.keys((session, name: string) => change(session, name, () => [])))
}

function without(rules: HeaderRule[], number: string): HeaderRule[] {
  const at = Number(number)
  if (Number.isInteger(at) && at >= 1 && at <= rules.length) return rules.toSpliced(at - 1, 1)
  const there = rules.length === 0 ? 'there are none' : `there are 1 to ${rules.length}`
  throw usageError(`There is no rule ${number}; ${there}.`)
}

async function change(
  session: Session,
  name: string,
  changed: (rules: HeaderRule[]) => HeaderRule[],
): Promise<Result> {
  const { domain, effect } = await changePolicies(session, name, ({ policies }) => ({
    headers: { rules: changed(policies.headers.rules) },
  }))
  const { rules } = domain.policies.headers
  return {
    data: { rules, effect },
    text: `${domain.displayName}: ${formatRules(rules)}\n${formatEffect(effect)}`,
  }
}

async function list({ client }: Session, name: string): Promise<Result> {
  const { policies, displayName } = await client.domains.get({ domain: name })
  const { rules } = policies.headers
  return { data: { rules }, text: `${displayName}: ${formatRules(rules)}` }
}

function formatRules(rules: HeaderRule[]): string {
  if (rules.length === 0) return 'no rule for header fields.'
  const count = `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'} for header fields.`
  return [count, ...rules.map((rule, at) => `  ${at + 1}  ${formatHeaderRule(rule)}`)].join('\n')
}
