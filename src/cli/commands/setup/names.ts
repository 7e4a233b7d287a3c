import { type OptionsOf, answer, facts, group, keys } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import type { NameReport, NamesReport, ProxyView } from '../../../contract/names/names.ts'
import { portConflictMessage } from '../../../domain/port-conflict.ts'
import type { TrustAction } from '../../../contract/trust/trust.ts'
import type { Session, Result } from '../../frame/command.ts'
import { dryRunFlag, yesFlag } from '../../flags/confirmation.ts'
import { table } from '../../output/format.ts'
import { withEngine } from '../../session.ts'
import { portOf } from '../../flags/start.ts'
import { changeComputer } from '../../changes/carry-out.ts'
import { sentences as shared } from '../../../contract/text/sentences.ts'

const proxyFlags = {
  '--port <port>': 'open it on this port, now and at every start',
  '--off': 'close it',
} as const
type ProxyOptions = OptionsOf<typeof proxyFlags>

const changeFlags = {
  ...yesFlag,
  ...dryRunFlag,
  '--suffix <suffix...>': 'every name below this suffix, such as "test"',
  '--proxy-port': 'the port of "names proxy": systemd keeps it for you while Edgekeep is not running (Linux)',
} as const
type ChangeOptions = OptionsOf<typeof changeFlags>

const examples = `
Examples:
  $ edgekeep names                      where each domain points on this computer, and what to do
  $ edgekeep names install shop.test    shows the change of the hosts file, and asks
  $ edgekeep names install --suffix test   every name below .test, by a DNS responder on this computer
  $ edgekeep names undo                 restores the hosts file and the resolver
  $ edgekeep names proxy --port 8888    a PAC file instead, which changes nothing

Exit status: 0 every name that was asked about points to the edge, 1 not all.`

export const namesCommands = group(
  'names',
  'where your domains point on this computer',
  [
    facts('status [domain...]', {
      isDefault: true,
      about: 'Show where each domain points according to the system’s resolver, and what to do.',
      examples: ['names status', 'names status shop.test'],
      run: status,
    }),
    answer('proxy', {
      summary: 'a PAC file that points a browser to the edge without changing the system',
      about:
        'Show, open or close a PAC file and a proxy on this computer that point your domains to the edge and connect to nothing else. A browser that uses the PAC file needs no hosts file and no port number in the address.',
      flags: proxyFlags,
      examples: ['names proxy --port 8888'],
      run: (global, options: ProxyOptions) =>
        withEngine(
          global,
          (session) => proxy(session, options),
          options.off || options.port ? 'keys' : 'facts',
        ),
    }),
    keys('install [domain...]', {
      summary: 'point domains to this computer',
      about:
        'Point names to this computer by a marked block in the hosts file, or every name below a suffix by a DNS responder that the system’s resolver asks. The change is shown first; the administrator’s password is asked for once, by sudo.',
      flags: changeFlags,
      examples: ['names install shop.test', 'names install --suffix test'],
      run: (session, wanted: string[], options: ChangeOptions) => change(session, 'install', wanted, options),
    }),
    keys('undo [domain...]', {
      summary: 'restore the hosts file and the system’s resolver',
      about:
        'Remove names from the hosts file, and suffixes from the system’s resolver; without arguments, all of them. Nothing else changes.',
      flags: changeFlags,
      examples: ['names undo shop.test', 'names undo --suffix test'],
      run: (session, wanted: string[], options: ChangeOptions) => change(session, 'undo', wanted, options),
    }),
  ],
  examples,
)

async function proxy({ client }: Session, { port, off }: ProxyOptions): Promise<Result> {
  const isChange = off === true || port !== undefined
  const view = isChange
    ? await client.names.setProxy({ port: off ? null : (portOf('--port', port) ?? null) })
    : await client.names.proxy()
  return { data: { ...view }, text: formatProxy(view) }
}

function formatProxy(view: ProxyView): string {
  const { port, kept, pacUrl } = view
  if (pacUrl)
    return [...addresses(view), ...(port === kept ? [] : ['It is open until this engine ends.'])].join('\n')
  return kept === null
    ? 'It is closed. Open it with "edgekeep names proxy --port 8888".'
    : `It opens on port ${kept} when the edge runs.`
}

/** Addresses that no other process can take over by its port come first. */
function addresses({ pacUrl, pacFileUrl, pacDataUrl }: ProxyView): string[] {
  return [
    ...(pacFileUrl === null
      ? []
      : [`Firefox: give it this file for the automatic proxy configuration: ${pacFileUrl}`]),
    ...(pacDataUrl === null
      ? []
      : [
          `Chromium, Chrome, Edge, Brave: start it with this option, and take it anew after you add a domain:\n  --proxy-pac-url=${pacDataUrl}`,
        ]),
    `Other programs: ${pacUrl}\n  Another user of this computer who takes this port while Edgekeep is not running becomes their proxy.`,
  ]
}

function domainsOf(wanted: string[]): string[] | undefined {
  return wanted.length > 0 ? wanted : undefined
}

async function status({ client }: Session, wanted: string[]): Promise<Result> {
  const report = await client.names.status({ domains: domainsOf(wanted) })
  const lacking = report.names.filter(({ leads }) => leads !== 'here' && leads !== 'browsers')
  const rows = report.names.map((each) => [readableName(each.host), leadsLabels[each.leads], sentences(each)])
  const more = report.names.flatMap(({ host, notes, browsers, fix }) =>
    [
      ...notes,
      ...browsers.map(({ name, sentence }) => `${name}: ${sentence}`),
      ...(fix ? [`to do: ${fix}`] : []),
    ].map((sentence) => `${readableName(host)}: ${sentence}`),
  )
  const text = [
    table(['NAME', 'POINTS TO', 'DETAIL'], rows, shared.noDomains),
    ...formatSuffixes(report),
    ...report.portConflicts.map((each) => `\nWARNING: ${portConflictMessage(each)}`),
  ].join('\n')
  return {
    data: { ...report },
    text: [text, ...(more.length > 0 ? ['', ...new Set(more)] : [])].join('\n'),
    no:
      lacking.length > 0
        ? new EdgekeepError('names.not_here', { names: lacking.map(({ host }) => host) })
        : undefined,
  }
}

function formatSuffixes({ suffixes: { names, port, isAnswered } }: NamesReport): string[] {
  if (names.length === 0) return []
  const answered = isAnswered ? 'which answers' : 'where nothing answers now'
  return [
    '',
    `The system asks 127.0.0.1, port ${port}, for every name below ${names.map((each) => `.${each}`).join(', ')}, ${answered}.`,
  ]
}

function sentences({ sentence, answers }: NameReport): string {
  return answers ? `${sentence} ${answers}` : sentence
}

const leadsLabels: Record<NameReport['leads'], string> = {
  here: 'here',
  other: 'here, to another program',
  elsewhere: 'elsewhere',
  nowhere: 'nowhere',
  unanswered: 'no answer',
  browsers: 'here, in browsers',
}

function change(
  { client, global }: Session,
  action: TrustAction,
  wanted: string[],
  { suffix: suffixes, proxyPort, ...options }: ChangeOptions,
): Promise<Result> {
  const domains = domainsOf(wanted)
  return changeComputer(client, global, {
    ...options,
    selection: { action, parts: ['names'], domains, suffixes, proxyPort: proxyPort || undefined },
    question: `${action === 'install' ? 'Point them here' : 'Take them out'}?`,
    nothing: action === 'install' ? 'They point here already.' : shared.nothingToUndo,
  })
}
