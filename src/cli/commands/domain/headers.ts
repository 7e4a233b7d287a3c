import { facts, group, keys } from '../../frame/declare.ts'
import { Argument } from 'commander'
import type { HeaderRule } from '../../../contract/domains/header-rules.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { formatEffect } from '../../output/format.ts'
import { formatHeaderRule } from '../../output/format-policies.ts'
import { changePolicies } from './change-policies.ts'

export const headerCommands = group('headers', 'rules for header fields', [
  facts('list <domain>', {
    about: 'List a domain’s header rules, in order.',
    examples: ['headers list shop.test'],
    run: list,
  }),
  keys('add', {
    args: [
      new Argument('<domain>'),
      new Argument('<on>', 'direction: request or response').choices(['request', 'response']),
      new Argument('<action>', 'set, add or drop').choices(['set', 'add', 'drop']),
      new Argument('<name>', 'name of the header field'),
      new Argument('[value]', 'value; not used with drop'),
    ],
    summary: 'add a header rule',
    about:
      'Add a header rule after the existing ones: set (replace) a field, add another one, or drop it. Values are shown and exported as they are, so do not put secrets in them.',
    examples: [
      'headers add shop.test response set Cache-Control no-store',
      'headers add shop.test request drop Accept-Encoding',
    ],
    run: (
      session,
      name: string,
      on: HeaderRule['on'],
      action: HeaderRule['action'],
      field: string,
      value: string | undefined,
    ) => change(session, name, (rules) => [...rules, { on, action, name: field, value: value ?? '' }]),
  }),
  keys('remove <domain> <number>', {
    about: 'Remove a header rule by its number.',
    examples: ['headers remove shop.test 1'],
    run: (session, name: string, number: string) => change(session, name, (rules) => without(rules, number)),
  }),
  keys('clear <domain>', {
    about: 'Remove all header rules of a domain.',
    examples: ['headers clear shop.test'],
    run: (session, name: string) => change(session, name, () => []),
  }),
])

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
