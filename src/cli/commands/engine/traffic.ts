import { formatDuration } from '../../../domain/duration-text.ts'
import type { Command } from 'commander'
import { formatSize } from '../../../contract/text/format-size.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type Cli, type Session, type Result, usageError } from '../../frame/command.ts'
import { withYes, type ErasureOptions, confirm } from '../../flags/confirmation.ts'
import { writeOutput } from '../../input/files.ts'

interface HarOptions {
  domain?: string
  out: string
}

/** Recent traffic in the engine: export, replay, clear. `logs` shows it. */
export function trafficCommands(program: Command, cli: Cli): void {
  const traffic = program.command('traffic').description('recent traffic that the engine keeps')
  traffic
    .command('har')
    .summary('write an HTTP archive')
    .description(
      'Write an HTTP archive (HAR 1.2) of the requests that the engine keeps. Secrets in it are masked.',
    )
    .requiredOption('--out <file>', 'where to write it')
    .option('--domain <name>', 'only this domain')
    .addHelpText('after', '\nExample:\n  $ edgekeep traffic har --domain shop.test --out shop.har')
    .action(cli.facts(har))
  traffic
    .command('replay <id>')
    .summary('send a request again')
    .description(
      'Send a GET or HEAD request through the edge again, as it came. "edgekeep logs" shows the ID of each request that can be sent again, such as #17: those that were recorded whole, while the Traffic page or "edgekeep logs --follow" was open.',
    )
    .addHelpText('after', '\nExample:\n  $ edgekeep traffic replay 17')
    .action(cli.facts(replay))
  withYes(traffic.command('clear'))
    .description(
      'Erase the traffic that the engine keeps, after asking. The access log and usage are not affected.',
    )
    .addHelpText('after', '\nExample:\n  $ edgekeep traffic clear')
    .action(cli.facts(clear))
}

async function har(session: Session, { domain, out }: HarOptions): Promise<Result> {
  requireEngine(session)
  const file = await session.client.traffic.har(domain === undefined ? {} : { domain })
  const bytes = Buffer.from(await file.arrayBuffer())
  writeOutput(out, bytes, 'public')
  return {
    data: { written: out, sizeBytes: bytes.length },
    text: `Wrote ${out} (${formatSize(bytes.length)}).`,
  }
}

async function replay(session: Session, text: string): Promise<Result> {
  requireEngine(session)
  const id = Number(text.replace(/^#/, ''))
  if (!Number.isSafeInteger(id) || id < 1)
    throw usageError('An ID is a number, as "edgekeep logs" shows it: edgekeep traffic replay 17')
  const { status, tookMs } = await session.client.traffic.replay({ id })
  return {
    data: { status, tookMs },
    text: `It answered ${status} after ${formatDuration(tookMs)}. The request is in the traffic with a new ID.`,
  }
}

async function clear(session: Session, { yes }: ErasureOptions): Promise<Result> {
  requireEngine(session)
  if (!yes)
    await confirm('This erases the requests and refused handshakes that the engine keeps. Clear them?')
  await session.client.traffic.clear()
  return { data: {}, text: 'The traffic that the engine kept is cleared.' }
}

/** The in-process engine of a command has no edge and no traffic. */
function requireEngine({ engineRuns }: Session): void {
  if (!engineRuns) throw new EdgekeepError('edge.not_running', {})
}
