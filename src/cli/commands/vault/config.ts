import type { Command } from 'commander'
import { z } from 'zod'
import type { ConfigurationPlan } from '../../../contract/domains/configuration.ts'
import { count } from '../../../contract/text/count.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import type { Cli, Session, Result } from '../../frame/command.ts'
import {
  confirmCertificates,
  formatProblems,
  problemSentences,
  refusalOf,
  withAcceptWorse,
} from '../../flags/confirmation.ts'
import { printError } from '../../output/output.ts'
import { formatEffect } from '../../output/format.ts'
import { formatDifference, worseProblems } from '../../output/format-differences.ts'
import { readFile, writeOutput } from '../../input/files.ts'
import { lateProgress } from '../../output/progress.ts'

interface ImportOptions {
  dryRun?: boolean
  yes?: boolean
  acceptWorse?: boolean
}

export function configCommands(program: Command, cli: Cli): void {
  const config = program.command('config').description('the configuration as a file, without secrets')
  config
    .command('export')
    .description(
      'Write domains, origins, redirects, policies and the certificates they use as YAML. Contains no keys.',
    )
    .option('--out <file>', 'output file (default: standard output)')
    .addHelpText('after', '\nExample:\n  $ edgekeep config export --out edgekeep.yaml')
    .action(cli.facts((session, options: { out?: string }) => exportFile(session, options.out)))
  config
    .command('schema')
    .description('Print the JSON Schema of a project’s edgekeep.yaml, for editors.')
    .addHelpText('after', '\nExample:\n  $ edgekeep config schema > edgekeep.schema.json')
    .action(cli.answer(printSchema))
  withAcceptWorse(config.command('import <file>'))
    .summary('import a configuration file, after showing the differences')
    .description(
      'Import a configuration file (YAML or JSON). All of its changes are made, or none. What is not in the file does not change.',
    )
    .option('--dry-run', 'only show the differences')
    .option('--yes', 'do not ask for confirmation')
    .addHelpText('after', '\nExample:\n  $ edgekeep config import --dry-run edgekeep.yaml')
    .action(cli.keys(importFile))
}

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
  const plan = await showing(`checking ${path}`, client.configuration.plan({ text }))
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
  const { effect } = await showing(
    `importing ${count(plan.differences.length, 'difference')} in one change`,
    client.configuration.apply({ text, version: plan.version, acceptWorse }),
  )
  return { data: { plan, effect }, text: `${formatPlan(plan)}\n${formatEffect(effect)}` }
}

/** Shows what takes longer than a second, at a terminal. */
async function showing<T>(step: string, call: Promise<T>): Promise<T> {
  const { tell, end } = lateProgress()
  const timer = setInterval(() => tell(`edgekeep: ${step} …`), 200)
  try {
    return await call
  } finally {
    clearInterval(timer)
    end()
  }
}

function formatPlan({ differences, cautions, worse, untouched }: ConfigurationPlan): string {
  const lines = [
    ...differences.map(formatDifference),
    ...worse.map(({ domain, problems }) => `! ${readableName(domain)}: ${formatProblems(problems)}`),
    ...cautions.map(({ domain, message }) => `! ${readableName(domain)}: ${message}`),
    ...(untouched.length > 0
      ? [`Not in the file, left as they are: ${untouched.map(readableName).join(', ')}.`]
      : []),
  ]
  return differences.length === 0 ? ['Nothing would change.', ...lines].join('\n') : lines.join('\n')
}
