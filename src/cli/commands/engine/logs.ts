import { type Flags, type OptionsOf, runs } from '../../frame/declare.ts'
import { formatSize } from '../../../contract/text/format-size.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { AccessLogState, TrafficEvent, TrafficRow } from '../../../contract/traffic/traffic.ts'
import { readableText, readableUrl } from '../../../contract/text/readable-name.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { type GlobalOptions, type Session, usageError } from '../../frame/command.ts'
import { printError, printLine, report } from '../../output/output.ts'
import { withEngine } from '../../session.ts'
import { moment } from '../../output/times.ts'

const logsFlags = {
  '-f, --follow': 'keep printing new entries until Ctrl-C; with --json, one JSON object per line',
  '--domain <name>': 'only this domain',
  '--to-file [on|off]':
    "turn the access log (logs/access.log in Edgekeep's folder) on or off; without a value: show the setting",
} as const satisfies Flags
type LogsOptions = OptionsOf<typeof logsFlags>

export const logsCommand = runs('logs', {
  summary: 'show traffic, live or to a file',
  about:
    'Show the latest requests and refused handshakes, or follow new ones. While nothing is watching, the edge ' +
    'keeps only the last 300, without header fields. Secrets are masked. A line that ends with a number, such as ' +
    '#17, can be sent again: edgekeep traffic replay 17.',
  flags: logsFlags,
  examples: ['logs --follow', 'logs --follow --domain shop.test --json | jq .status', 'logs --to-file on'],
  run: logs,
})

function logs(global: GlobalOptions, options: LogsOptions): Promise<number> {
  const json = global.json ?? false
  const { toFile } = options
  if (toFile === true) return withEngine(global, (session) => showFile(session, json), 'facts')
  if (toFile !== undefined) return withEngine(global, (session) => setFile(session, toFile, json))
  return withEngine(global, (session) => show(session, options, json), 'facts')
}

async function setFile({ client }: Session, wanted: string, json: boolean): Promise<number> {
  if (wanted !== 'on' && wanted !== 'off') {
    throw usageError(`--to-file takes "on" or "off", not "${wanted}".`)
  }
  const accessLog = await client.traffic.setAccessLog({ enabled: wanted === 'on' })
  const off = 'The access log is no longer written. What was written stays.'
  return report({ data: { accessLog }, text: accessLog.enabled ? writtenTo(accessLog) : off }, json)
}

async function showFile({ client }: Session, json: boolean): Promise<number> {
  const accessLog = await client.traffic.accessLog()
  const off = 'The access log is off. Turn it on with: edgekeep logs --to-file on'
  return report({ data: { accessLog }, text: accessLog.enabled ? writtenTo(accessLog) : off }, json)
}

function writtenTo({ file }: AccessLogState): string {
  return `Requests are written to ${file} while the edge runs.`
}

async function show({ client, engineRuns }: Session, options: LogsOptions, json: boolean): Promise<number> {
  if (!engineRuns) throw new EdgekeepError('edge.not_running', {})
  const controller = new AbortController()
  const { signal } = controller
  const end = () => controller.abort()
  const domain = options.domain === undefined ? {} : { domain: options.domain }
  const events = await client.traffic.watch(domain, { signal })
  if (!options.follow) return report(latest(await firstOf(events, controller)), json)
  process.once('SIGINT', end)
  const print = json ? printJson : printText
  try {
    for await (const event of events) print(event)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    process.off('SIGINT', end)
  }
  return 0
}

async function firstOf(
  events: AsyncIterable<TrafficEvent>,
  controller: AbortController,
): Promise<TrafficRow[]> {
  for await (const event of events) {
    controller.abort()
    return event.type === 'cleared' ? [] : event.rows
  }
  return []
}

function latest(rows: TrafficRow[]) {
  const none = 'There are no requests to show. To wait for new ones: edgekeep logs --follow'
  return { data: { rows }, text: rows.length > 0 ? rows.map(formatRow).join('\n') : none }
}

function printJson(event: TrafficEvent): void {
  if (event.type === 'cleared') return
  for (const row of event.rows) printLine(JSON.stringify(row))
  if (event.type === 'rows' && event.notShown > 0) printLine(JSON.stringify({ notShown: event.notShown }))
}

function printText(event: TrafficEvent): void {
  if (event.type === 'cleared') return
  for (const row of event.rows) printLine(formatRow(row))
  if (event.type === 'rows' && event.notShown > 0)
    printError(`(${event.notShown} more came too fast to be shown)`)
}

/** One line, with line ends escaped. */
function formatRow(row: TrafficRow): string {
  if (row.kind === 'refused')
    return [
      moment(row.at),
      'TLS',
      readableText(row.serverName ?? '(no name)'),
      visibleText(readableText(row.reason)),
    ].join('  ')
  const remark =
    row.error !== null
      ? readableText(row.error)
      : row.redirectedTo === null
        ? null
        : `→ ${readableUrl(row.redirectedTo)}`
  return [
    moment(row.at),
    row.status ?? '---',
    row.method || '-',
    readableUrl(row.url) || '(unreadable)',
    row.protocol,
    formatSize(row.responseBytes),
    `${row.totalMs.toFixed(1)} ms`,
    ...(remark === null ? [] : [remark]),
    ...(row.replayable ? [`#${row.id}`] : []),
  ]
    .map((part) => visibleText(String(part)))
    .join('  ')
}
