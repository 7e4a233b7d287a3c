import { type Flags, type OptionsOf, answer, facts, group, keys } from '../../frame/declare.ts'
import { z } from 'zod'
import type { Client } from '../../../client/client.ts'
import { doneOf } from '../../../client/done-of.ts'
import type { ConfigurationPlan, ConfigurationProgress } from '../../../contract/domains/configuration.ts'
import type { Effect } from '../../../contract/domains/domains.ts'
import { count, formatNumber } from '../../../contract/text/count.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { abortAtInterrupt } from '../../input/abort-at-interrupt.ts'
import { Interruption, type Session, type Result } from '../../frame/command.ts'
import {
  confirmCertificates,
  formatProblems,
  problemSentences,
  refusalOf,
  acceptWorseFlag,
} from '../../flags/confirmation.ts'
import { namesCell } from '../../output/fit-columns.ts'
import { printError } from '../../output/output.ts'
import { formatEffect } from '../../output/format.ts'
import { formatDifference, worseProblems } from '../../output/format-differences.ts'
import { readFile, writeOutput } from '../../input/files.ts'
import { lateProgress } from '../../output/progress.ts'

const importFlags = {
  ...acceptWorseFlag,
  '--dry-run': 'only show the differences',
  '--yes': 'do not ask for confirmation',
} as const satisfies Flags
type ImportOptions = OptionsOf<typeof importFlags>

export const configCommands = group('config', 'the configuration as a file, without secrets', [
  facts('export', {
    about:
      'Write domains, origins, redirects, policies and the certificates they use as YAML. Contains no keys.',
    flags: { '--out <file>': 'output file (default: standard output)' },
    examples: ['config export --out edgekeep.yaml'],
    run: (session, options: { out?: string }) => exportFile(session, options.out),
  }),
  answer('schema', {
    about: 'Print the JSON Schema of a project’s edgekeep.yaml, for editors.',
    examples: ['config schema > edgekeep.schema.json'],
    run: printSchema,
  }),
  keys('import <file>', {
    summary: 'import a configuration file, after showing the differences',
    about:
      'Import a configuration file (YAML or JSON). All of its changes are made, or none. What is not in the file does not change.',
    flags: importFlags,
    examples: ['config import --dry-run edgekeep.yaml'],
    run: importFile,
  }),
])

async function printSchema(): Promise<Result> {
  const { projectFileSchema } = await import('../../../contract/develop/project-file.ts')
  const schema = z.toJSONSchema(projectFileSchema, { io: 'input' })
  return { data: { schema }, text: JSON.stringify(schema, null, 2), isDocument: true }
}

async function exportFile({ client }: Session, out: string | undefined): Promise<Result> {
  const { text } = await client.configuration.export()
  if (!out) return { data: { configuration: text }, text, isDocument: true }
  writeOutput(out, Buffer.from(text), 'public')
  return { data: { configuration: text }, text: `Wrote ${out}.` }
}

async function importFile({ client }: Session, path: string, options: ImportOptions): Promise<Result> {
  const text = Buffer.from(readFile(path).bytes).toString('utf8')
  const planned = await untilInterrupt('checked', (signal) => client.configuration.plan({ text }, { signal }))
  if (!planned) throw new Interruption()
  const { plan } = planned
  if (options.dryRun || plan.differences.length === 0) {
    const [worst] = plan.worse
    const no = worst && refusalOf(worst.name, worst.problems, options)
    return { data: { plan }, text: formatPlan(plan), no }
  }
  const { yes = false, acceptWorse: given } = options
  const problems = worseProblems(plan)
  if (!yes) printError(formatPlan(plan))
  const acceptWorse = await confirmCertificates({
    sentences: yes ? problemSentences(problems) : [],
    question: 'Make these changes?',
    isAgreed: yes,
    ...{ problems, acceptWorse: given },
  })
  const { version } = plan
  const applied = await untilInterrupt('prepared', (signal) =>
    client.configuration.apply({ text, version, acceptWorse }, { signal }),
  )
  const effect = applied?.effect ?? (await effectBeforeInterrupt(client, text, version))
  const late = applied ? [] : ['All was imported before Ctrl-C reached the engine.']
  return { data: { plan, effect }, text: [formatPlan(plan), ...late, formatEffect(effect)].join('\n') }
}

/**
 * Runs a call that Ctrl-C cancels, and shows its progress at a terminal once it takes longer than a second. Null
 * for a cancelled one.
 */
async function untilInterrupt<Done extends { type: 'done' }>(
  step: string,
  call: (signal: AbortSignal) => Promise<AsyncIterable<ConfigurationProgress | Done>>,
): Promise<Extract<ConfigurationProgress | Done, { type: 'done' }> | null> {
  using stop = abortAtInterrupt('Cancelling.')
  const { tell, end } = lateProgress()
  let progress = 'reading the file'
  const timer = setInterval(() => tell(`edgekeep: ${progress} …`), 200)
  try {
    return await doneOf(call(stop.signal), (event) => {
      const { done, total } = event as ConfigurationProgress
      progress = `${step} ${formatNumber(done)} of ${count(total, 'domain')}`
    })
  } catch (error) {
    if (stop.signal.aborted) return null
    throw error
  } finally {
    clearInterval(timer)
    end()
  }
}

/**
 * Effect of an import that was cancelled too late: it is one change, so all of it was made or nothing.
 * @throws `Interruption` if nothing was
 */
async function effectBeforeInterrupt(client: Client, text: string, version: number): Promise<Effect> {
  const { configuration } = await client.engine.status()
  if (configuration.version === version) throw new Interruption()
  const { plan } = await doneOf(client.configuration.plan({ text }))
  if (plan.differences.length > 0) throw new Interruption()
  return configuration
}

function formatPlan({ differences, cautions, worse, untouched }: ConfigurationPlan): string {
  const lines = [
    ...differences.map(formatDifference),
    ...worse.map(({ domain, problems }) => `! ${readableName(domain)}: ${formatProblems(problems)}`),
    ...cautions.map(({ domain, message }) => `! ${readableName(domain)}: ${message}`),
    ...(untouched.length > 0
      ? [`Not in the file, left as they are: ${namesCell(untouched.map(readableName))}.`]
      : []),
  ]
  return differences.length === 0 ? ['Nothing would change.', ...lines].join('\n') : lines.join('\n')
}
