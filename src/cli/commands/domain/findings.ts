import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import { devServerLines } from '../../output/dev-server-lines.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { findingRegistry, headerRemedy, type Finding } from '../../../contract/findings/findings.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import type { Session, Result } from '../../frame/command.ts'
import { yesFlag, type ErasureOptions, confirm } from '../../flags/confirmation.ts'
import { formatEffect } from '../../output/format.ts'
import { withEngine } from '../../session.ts'

const findingsFlags = {
  ...yesFlag,
  '--watch <how>': { about: 'whether its responses are checked', choices: ['on', 'off'] },
  '--clear': 'erase the findings',
} as const satisfies Flags
type FindingsOptions = OptionsOf<typeof findingsFlags>

export const findingsCommand = answer('findings <domain>', {
  summary: 'show what breaks under HTTPS in a domain’s responses',
  about:
    'Show what breaks under HTTPS in a domain’s responses: resources loaded over HTTP, redirect loops, cookies without Secure, and settings that a development server needs. Found while the domain is watched, and by "edgekeep check".',
  flags: findingsFlags,
  examples: ['findings shop.test --watch on', 'findings shop.test'],
  run: (global, name: string, options: FindingsOptions) =>
    withEngine(
      global,
      (session) => {
        if (options.watch) return watch(session, name, options.watch === 'on')
        return options.clear ? clear(session, name, options) : list(session, name)
      },
      options.watch ? 'keys' : 'facts',
    ),
})

async function watch({ client }: Session, name: string, isOn: boolean): Promise<Result> {
  const { domains, effect } = await client.domains.setPolicies({
    domains: [name],
    policies: { findings: { watch: isOn } },
  })
  const state = isOn ? 'responses are watched' : 'responses are no longer watched'
  return {
    data: { watch: isOn, effect },
    text: `${domains[0]?.displayName}: ${state}. ${formatEffect(effect)}`,
  }
}

async function clear({ client }: Session, name: string, { yes }: ErasureOptions): Promise<Result> {
  const { displayName } = await client.domains.get({ domain: name })
  if (!yes) await confirm(`This erases the findings of ${displayName}. Erase them?`)
  await client.findings.clear({ domain: name })
  return { data: {}, text: `${displayName}: findings erased.` }
}

async function list({ client }: Session, name: string): Promise<Result> {
  const { policies, displayName } = await client.domains.get({ domain: name })
  const findings = await client.findings.list({ domain: name })
  if (findings.length > 0)
    return { data: { findings }, text: byKind(findings).map(formatFindings).join('\n\n') }
  const next = policies.findings.watch
    ? 'Responses are watched.'
    : `Watch responses with "edgekeep findings ${displayName} --watch on", or check the first page with "edgekeep check ${displayName}".`
  return { data: { findings }, text: `${displayName}: no findings. ${next}` }
}

function byKind(findings: Finding[]): Finding[][] {
  return [...Map.groupBy(findings, ({ kind }) => kind).values()]
}

function formatFindings(group: Finding[]): string {
  const [{ kind, domain }] = group as [Finding]
  const { title, advice } = findingRegistry[kind]
  const places = group.map(({ path, example, count }) => {
    const times = count === 1 ? '' : ` (${count} times)`
    return visibleText(`  ${path}${example ? `  ${example}` : ''}${times}`)
  })
  const remedy = headerRemedy(kind)
  const command = remedy
    ? [
        `  edgekeep headers add ${readableName(domain)} ${remedy.on} ${remedy.action} ${remedy.name} ${remedy.value}`,
      ]
    : []
  return [title, `  ${advice}`, ...command, ...devServerLines(kind, domain), ...places].join('\n')
}
