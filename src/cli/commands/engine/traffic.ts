import { type Flags, type OptionsOf, facts, group } from '../../frame/declare.ts'
import { formatDuration } from '../../../domain/duration-text.ts'
import { formatSize } from '../../../contract/text/format-size.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { yesFlag, type ErasureOptions, confirm } from '../../flags/confirmation.ts'
import { writeOutput } from '../../input/files.ts'

/** Recent traffic in the engine: export, replay, clear. `logs` shows it. */
const harFlags = {
  '--out <file>': { about: 'where to write it', isRequired: true },
  '--domain <name>': 'only this domain',
} as const satisfies Flags
type HarOptions = OptionsOf<typeof harFlags>

export const trafficCommands = group('traffic', 'recent traffic that the engine keeps', [
  facts('har', {
    summary: 'write an HTTP archive',
    about: 'Write an HTTP archive (HAR 1.2) of the requests that the engine keeps. Secrets in it are masked.',
    flags: harFlags,
    examples: ['traffic har --domain shop.test --out shop.har'],
    run: har,
  }),
  facts('replay <id>', {
    summary: 'send a request again',
    about:
      'Send a GET or HEAD request through the edge again, as it came. "edgekeep logs" shows the ID of each request that can be sent again, such as #17: those that were recorded whole, while the Traffic page or "edgekeep logs --follow" was open.',
    examples: ['traffic replay 17'],
    run: replay,
  }),
  facts('clear', {
    about:
      'Erase the traffic that the engine keeps, after asking. The access log and usage are not affected.',
    flags: yesFlag,
    examples: ['traffic clear'],
    run: clear,
  }),
])

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
