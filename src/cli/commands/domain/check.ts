import { facts } from '../../frame/declare.ts'
import type { CheckReport, Domain } from '../../../contract/domains/domains.ts'
import type { NameLeads, NameReport } from '../../../contract/names/names.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { planBulk } from '../../../domain/bulk-plan.ts'
import { targetFlags, isForMany, type TargetOptions } from '../../bulk/targets.ts'
import { runBulk } from '../../bulk/run-bulk.ts'
import type { Result, Session } from '../../frame/command.ts'
import { domainTargets } from '../../bulk/domain-targets.ts'
import { devServerLines } from '../../output/dev-server-lines.ts'
import { rowOf } from './https-many.ts'

export const checkCommand = facts('check [domain...]', {
  summary: 'verify domains with real requests through the edge',
  about:
    'Send real requests through the running edge, over HTTP and HTTPS, look where the name leads, and show what a browser would see. Exit status 1 if a domain does not work, or its name is not known to lead here.',
  flags: targetFlags({ changes: false }),
  examples: ['check shop.test', 'check --all', 'check --tag eu --json'],
  run: (session, names: string[], options: TargetOptions) =>
    isForMany(names, options) ? checkMany(session, names, options) : check(session, names[0] ?? ''),
})

async function check({ client }: Session, name: string): Promise<Result> {
  const check = await client.domains.check({ domain: name })
  const lines = check.steps.map(
    ({ ok, caution, title, seen }) => `${caution ? '!' : ok ? '✓' : '✗'} ${title}: ${seen}`,
  )
  const refusedBy = check.steps.find((step) => step.refusedBy)?.refusedBy
  const { names } = await client.names.status({ domains: [check.domain] })
  const [report] = names
  const { text, no } = verdictOf(check, report)
  return {
    data: { check, name: report },
    text: [...lines, ...nameLines(report), ...devServerLines(refusedBy, name), text].join('\n'),
    no,
  }
}

/** Signs of where the name leads; another program on the port has a step of its own. */
const signs: Partial<Record<NameLeads, string>> = { nowhere: '✗', elsewhere: '✗', unanswered: '!' }

/** Line for a name that a browser does not find, though the edge answers to it. */
function nameLines(report: NameReport | undefined): string[] {
  const sign = report && signs[report.leads]
  if (!sign) return []
  return [`${sign} Name: ${report.sentence}${report.fix ? ` To do: ${report.fix}` : ''}`]
}

function verdictOf(
  { ok, summary }: CheckReport,
  report: NameReport | undefined,
): { text: string; no?: EdgekeepError } {
  if (!ok) return { text: summary, no: new EdgekeepError('check.failed', { reason: summary }) }
  if (!report) return { text: summary }
  const { host, leads } = report
  if (leads === 'unanswered') {
    const no = new EdgekeepError('names.unanswered', { name: host })
    return { text: `${summary} ${no.message}`, no }
  }
  if (signs[leads] !== '✗') return { text: summary }
  return {
    text: `${summary} No browser here finds it: ${readableName(host)} does not lead to the edge.`,
    no: new EdgekeepError('names.not_here', { names: [host] }),
  }
}

async function checkMany(
  session: Session,
  names: readonly string[],
  options: TargetOptions,
): Promise<Result> {
  const { client } = session
  const { domains, refused } = await domainTargets(client, names, options)
  const { names: found } = await client.names.status({ domains: domains.map(({ name }) => name) })
  const reports = new Map(found.map((report) => [report.domain, report]))
  const verify = async ({ domain: { name } }: { domain: Domain }) => {
    const check = await client.domains.check({ domain: name })
    const { text, no } = verdictOf(check, reports.get(name))
    return { text, ...(no && { failed: no.code }) }
  }
  const steps = planBulk('verify', domains, { certificates: [], now: new Date() })
  const rows = [...steps.map((step) => rowOf(step, verify)), ...refused]
  return runBulk(session, { rows, options, question: '', isHarmless: true })
}
