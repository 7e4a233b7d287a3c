import { Argument } from 'commander'
import { type Flags, type OptionsOf, keys } from '../../frame/declare.ts'
import type { Redirect } from '../../../contract/domains/domains.ts'
import { acmeChallengePath } from '../../../contract/domains/policies.ts'
import { isForMany, targetFlags } from '../../bulk/targets.ts'
import { type BulkStep, planBulk } from '../../../domain/bulk-plan.ts'
import { runBulk } from '../../bulk/run-bulk.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { domainTargets } from '../../bulk/domain-targets.ts'
import { rowOf } from './https-many.ts'
import { count } from '../../../contract/text/count.ts'
import { formatEffect, formatRedirect } from '../../output/format.ts'

const modes = ['none', 'https', 'http'] as const

const redirectFlags = {
  ...targetFlags(),
  '--code <status>': {
    about: 'status code of the redirect (default: as it is, at first 301)',
    choices: ['301', '302', '307', '308'],
  },
  '--except <path...>': `excluded paths; end one with "*" to match everything that begins with it (${acmeChallengePath})`,
  '--no-except': 'exclude no paths',
} as const satisfies Flags
type RedirectOptions = OptionsOf<typeof redirectFlags>

// Modes are completed, but not required of each word.
const domainsThenMode = Object.assign(new Argument('<domain...>', 'domains, then the mode'), {
  argChoices: [...modes],
})

export const redirectCommand = keys('redirect', {
  args: [domainsThenMode],
  usage: '[options] <domain...> <none|https|http>',
  flags: redirectFlags,
  summary: 'redirect HTTP to HTTPS, or back',
  about:
    'Redirect HTTP to HTTPS ("https"), or the other way ("http"), or not ("none"). Browsers cache 301 and 308, but not 302 and 307.',
  examples: [
    'redirect shop.test https --code 302',
    `redirect shop.test https --except '${acmeChallengePath}'`,
    'redirect a.test b.test c.test https',
    'redirect --tag eu https --dry-run',
  ],
  run: (session, given: string[], options: RedirectOptions) => {
    const mode = modeOf(given)
    const names = given.slice(0, -1)
    return isForMany(names, options) || options.dryRun
      ? redirectMany(session, names, { ...options, mode })
      : redirectOne(session, names[0] ?? '', { ...options, mode })
  },
})

function modeOf(given: readonly string[]): Redirect['mode'] {
  const mode = modes.find((each) => each === given.at(-1))
  if (mode) return mode
  throw usageError(`The last word is the mode: none, https or http. See "edgekeep redirect --help".`)
}

type Wanted = RedirectOptions & Pick<Redirect, 'mode'>

async function redirectOne({ client }: Session, name: string, wanted: Wanted): Promise<Result> {
  const { redirect: present } = await client.domains.get({ domain: name })
  const { mode, code = present.code, except } = changeOf(wanted)
  const policy = except && { except }
  const { domain, effect } = await client.domains.setRedirect({
    domain: name,
    redirect: { mode, code },
    policy,
  })
  const text = `${domain.displayName}: redirect ${formatRedirect(domain)}. ${formatEffect(effect)}`
  return { data: { domain, effect }, text }
}

function changeOf({ mode, code, except }: Wanted) {
  return {
    mode,
    code: code === undefined ? undefined : (Number(code) as Redirect['code']),
    except: except === undefined ? undefined : except || [],
  }
}

async function redirectMany(session: Session, names: readonly string[], wanted: Wanted): Promise<Result> {
  const { client } = session
  const { domains, refused } = await domainTargets(client, names, wanted)
  const redirect = changeOf(wanted)
  const policy = redirect.except && { except: redirect.except }
  const steps = planBulk('redirect', domains, { certificates: [], now: new Date(), redirect })
  const change = async ({ domain: { name, redirect: present }, redirect: next = present }: BulkStep) => {
    const changed = await client.domains.setRedirect({ domain: name, redirect: next, policy })
    return { text: `redirect ${formatRedirect(changed.domain)}`, effect: changed.effect }
  }
  const rows = [...steps.map((step) => rowOf(step, change)), ...refused]
  const question = `Set the redirect of ${count(rows.length, 'domain')}?`
  return runBulk(session, { rows, options: wanted, question })
}
