import type { Command } from 'commander'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Renewed } from '../../../contract/issuing/renewal.ts'
import type { Cli, Session, Result } from '../../frame/command.ts'
import { withAcceptWorse, type WorseOptions } from '../../flags/confirmation.ts'
import { table } from '../../output/format.ts'
import { showProgress } from '../../output/progress.ts'

interface RenewOptions extends WorseOptions {
  due?: boolean
  dryRun?: boolean
}

export function renewCommand(program: Command, cli: Cli): void {
  withAcceptWorse(program.command('renew [ref...]'))
    .summary('renew certificates now')
    .description(
      'Renew certificates of the local authority and of ACME accounts now: those named, those that are due, or all that renew automatically. Domains serve the new one from the next handshake. One that would be worse (names lost, a weaker key, another authority) waits for --accept-worse. Exit status 1 if one was not renewed.',
    )
    .option('--due', 'only those that are due')
    .option('--dry-run', 'only show what would happen')
    .addHelpText('after', '\nExamples:\n  $ edgekeep renew --due\n  $ edgekeep renew shop.test')
    .action(cli.keys(renew))
}

async function renew({ client }: Session, refs: string[], options: RenewOptions): Promise<Result> {
  const ids: string[] = []
  for (const reference of refs) ids.push((await client.certificates.find({ reference })).id)
  const { due = false, dryRun = false, acceptWorse = false } = options
  const events = await client.renewal.renew({
    ...(refs.length > 0 ? { ids } : {}),
    due,
    dryRun,
    acceptWorse,
  })
  const results: Renewed[] = []
  try {
    for await (const result of events) {
      results.push(result)
      showProgress(`${results.length}: ${result.certificate.name}`)
    }
  } finally {
    showProgress('')
  }
  return answer(results)
}

function answer(results: Renewed[]): Result {
  const cells = results.map(({ certificate, outcome, message }) => [certificate.name, outcome, message])
  const failed = results.filter(({ outcome }) => ['failed', 'held', 'not-renewable'].includes(outcome))
  const text =
    results.length > 0
      ? table(['CERTIFICATE', 'RESULT', ''], cells)
      : 'There is no certificate that renews automatically.'
  return {
    data: { results },
    text,
    ...(failed.length > 0 && {
      no: new EdgekeepError('renewal.not_all', { names: failed.map(({ certificate }) => certificate.name) }),
    }),
  }
}
