import type { ConfigurationPlan, Difference } from '../../contract/domains/configuration.ts'
import { readableName, readableText } from '../../contract/text/readable-name.ts'
import { visibleText } from '../../contract/text/visible-text.ts'

function formatAdded(after: Difference['after']): string[] {
  return Object.entries(after ?? {}).map(
    ([field, value]) => `    ${visibleText(`${field}: ${formatValue(value)}`)}`,
  )
}

export function formatDifference({ domain, kind, field, before, after }: Difference): string {
  const name = readableName(domain)
  if (kind === 'add') return [`+ ${name}`, ...formatAdded(after)].join('\n')
  return `~ ${name}: ${field}: ${formatValue(before)} → ${formatValue(after)}`
}

/** A list comes as JSON already. */
function formatValue(value: Difference['after']): string {
  const isList = typeof value === 'string' && value.startsWith('[')
  return readableText(isList ? value : JSON.stringify(value))
}

/** Problems of the swaps in a plan, to be accepted by a person. */
export function worseProblems({ worse }: Pick<ConfigurationPlan, 'worse'>): string[] {
  return worse.flatMap(({ domain, problems }) =>
    problems.map((problem) => `${readableName(domain)}: ${problem}`),
  )
}
