import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import type { HstsPolicy } from '../../../contract/domains/hsts.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { formatEffect } from '../../output/format.ts'
import { withEngine } from '../../session.ts'
import { formatHsts, formatHstsNotes } from '../../output/format-policies.ts'

const hstsFlags = {
  '--days <number>': 'duration, 1 to 730 days',
  '--include-subdomains': 'include subdomains',
  '--preload': 'request preloading; needs 365 days and --include-subdomains',
  '--undo': 'tell browsers to forget it (max-age=0)',
  '--off': 'do not send it; pass on what the origin sends',
} as const satisfies Flags
type HstsOptions = OptionsOf<typeof hstsFlags>

export const hstsCommand = answer('hsts <domain...>', {
  summary: 'make browsers use only HTTPS (HSTS)',
  about:
    'Tell browsers to use only HTTPS for a domain (HSTS, RFC 6797). Sent in HTTPS responses only. Without options: show the setting.',
  flags: hstsFlags,
  examples: [
    'hsts shop.test --days 1               while you try it',
    'hsts shop.test --days 365 --include-subdomains',
    'hsts shop.test --undo                 undo it',
  ],
  run: (global, names: string[], options: HstsOptions) => {
    const hsts = wantedHsts(options)
    return withEngine(
      global,
      (session) => (hsts ? set(session, names, hsts) : show(session, names)),
      hsts ? 'keys' : 'facts',
    )
  },
})

function wantedHsts({ days, undo, off, ...rest }: HstsOptions): HstsPolicy | undefined {
  const [includeSubDomains, preload] = [rest.includeSubdomains ?? false, rest.preload ?? false]
  const ways = [days !== undefined, undo ?? false, off ?? false].filter(Boolean).length
  if (ways > 1) throw usageError('Give one of --days, --undo and --off.')
  if (off) return { days: null, includeSubDomains: false, preload: false }
  if (undo) return { days: 0, includeSubDomains, preload: false }
  if (days !== undefined) return { days: wholeDays(days), includeSubDomains, preload }
  if (includeSubDomains || preload) throw usageError('Say for how long: --days 30.')
  return undefined
}

function wholeDays(text: string): number {
  const days = Number(text)
  if (Number.isInteger(days) && days >= 1 && days <= 730) return days
  throw usageError(`"${text}" is not a number of days from 1 to 730. To have browsers forget it: --undo.`)
}

async function set({ client }: Session, names: string[], hsts: HstsPolicy): Promise<Result> {
  const { domains, effect } = await client.domains.setPolicies({ domains: names, policies: { hsts } })
  const domainList = domains.map(({ displayName }) => displayName).join(', ')
  const notes = new Set(domains.flatMap(formatHstsNotes))
  return {
    data: { domains, effect, notes: [...notes] },
    text: [`${domainList}: HSTS ${formatHsts(hsts)}. ${formatEffect(effect)}`, ...notes].join('\n'),
  }
}

async function show({ client }: Session, names: string[]): Promise<Result> {
  const domains = await Promise.all(names.map((domain) => client.domains.get({ domain })))
  const lines = domains.flatMap((domain) => [
    `${domain.displayName}: HSTS ${formatHsts(domain.policies.hsts)}.`,
    ...formatHstsNotes(domain).map((note) => `  ${note}`),
  ])
  return {
    data: { hsts: domains.map(({ name, policies }) => ({ name, ...policies.hsts })) },
    text: lines.join('\n'),
  }
}
