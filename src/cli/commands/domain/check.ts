import type { Command } from 'commander'
import type { Domain } from '../../../contract/domains/domains.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { planBulk } from '../../../domain/bulk-plan.ts'
import { withTargets, isForMany, type TargetOptions } from '../../bulk/targets.ts'
import { runBulk } from '../../bulk/run-bulk.ts'
import type { Cli, Result, Session } from '../../frame/command.ts'
import { domainTargets } from '../../bulk/domain-targets.ts'
import { devServerLines } from '../../output/dev-server-lines.ts'
import { rowOf } from './https-many.ts'

export function checkCommand(program: Command, cli: Cli): void {
  withTargets(program.command('check [domain...]'), { changes: false })
    .summary('verify domains with real requests through the edge')
    .description(
      'Send real requests through the running edge, over HTTP and HTTPS, and show what a browser would see. Exit status 1 if a domain does not work.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ edgekeep check shop.test\n  $ edgekeep check --all\n  $ edgekeep check --tag eu --json',
    )
    .action(
      cli.facts((session, names: string[], options: TargetOptions) =>
        isForMany(names, options) ? checkMany(session, names, options) : check(session, names[0] ?? ''),
      ),
    )
}

async function check({ client }: Session, name: string): Promise<Result> {
  const check = await client.domains.check({ domain: name })
  const lines = check.steps.map(({ ok, title, seen }) => `${ok ? '✓' : '✗'} ${title}: ${seen}`)
  const refusedBy = check.steps.find((step) => step.refusedBy)?.refusedBy
  const no = check.ok ? undefined : new EdgekeepError('check.failed', { reason: check.summary })
  return {
    data: { check },
    text: [...lines, ...devServerLines(refusedBy, name), check.summary].join('\n'),
    no,
  }
}

async function checkMany(
  session: Session,
  names: readonly string[],
  options: TargetOptions,
): Promise<Result> {
  const { client } = session
  const { domains, refused } = await domainTargets(client, names, options)
  const verify = async ({ domain }: { domain: Domain }) => {
    const { ok, summary } = await client.domains.check({ domain: domain.name })
    return { text: summary, ...(ok ? {} : { failed: 'check.failed' }) }
  }
  const steps = planBulk('verify', domains, { certificates: [], now: new Date() })
  const rows = [...steps.map((step) => rowOf(step, verify)), ...refused]
  return runBulk(session, { rows, options, question: '', isHarmless: true })
}
