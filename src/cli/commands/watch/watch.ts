import { type Flags, type OptionsOf, facts, group, keys } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Watch, WatchedServer, WatchResult } from '../../../contract/watch/watch.ts'
import { hostInUrl } from '../../../domain/ip-address.ts'
import { parseServer } from '../../../domain/server-address.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { readFile } from '../../input/files.ts'
import { table } from '../../output/format.ts'
import { day } from '../../output/times.ts'

const addFlags = {
  '--every <time>': { about: 'interval, from 10m to 31d', default: '6h' },
  '--file <file>': 'file with a server in each line',
} as const satisfies Flags
type AddOptions = OptionsOf<typeof addFlags>

export const watchCommands = group('watch', 'what public servers really serve, compared with the vault', [
  keys('add [servers...]', {
    summary: 'watch servers',
    about:
      'Watch servers: HOST or HOST:PORT. While Edgekeep runs, each is asked on all of its addresses as often as you say, and no more often: a handshake and one HEAD request. Adding one again sets its interval.',
    flags: addFlags,
    examples: ['watch add shop.example', 'watch add --file names.txt --every 1d'],
    run: add,
  }),
  facts('list', {
    isDefault: true,
    about: 'List the watched servers with their last results; asks none of them.',
    examples: ['watch list'],
    run: list,
  }),
  facts('check [servers...]', {
    summary: 'ask watched servers now',
    about:
      'Ask watched servers now, or those that are named. Exit status 1 if one is not as it should be, for cron; without a network nothing is known, which is no fault.',
    examples: ['watch check', 'watch check shop.example --json'],
    run: check,
  }),
  keys('remove <server>', {
    about: 'Stop watching a server and remove its results.',
    examples: ['watch remove shop.example'],
    run: remove,
  }),
])

async function add({ client }: Session, names: string[], { every, file }: AddOptions): Promise<Result> {
  const listed = file === undefined ? [] : linesOf(file)
  const servers = [...names, ...listed].map(serverOf)
  const [first] = servers
  if (!first) throw usageError('Name a server, or a file with servers: --file names.txt.')
  const watches = await client.watch.add({ servers, everyMinutes: minutesOf(every) })
  const text = `Watching ${watches.length === 1 ? addressOf(first) : `${watches.length} servers`}, every ${every}. Ask now: edgekeep watch check`
  return { data: { watches }, text }
}

/** Empty lines and comments (`#`) are skipped. */
function linesOf(file: string): string[] {
  const lines = Buffer.from(readFile(file).bytes).toString('utf8').split('\n')
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
}

function serverOf(text: string): WatchedServer {
  const server = parseServer(text)
  if (server) return server
  throw usageError(
    `"${text.slice(0, 80)}" is no server. Give a name or address, with a port if it is not 443: shop.example:8443.`,
  )
}

const unitMinutes = new Map([
  ['m', 1],
  ['h', 60],
  ['d', 1440],
])

/** `30m`, `6h` or `1d`. */
function minutesOf(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  const minutes = Number(count) * (unitMinutes.get(unit) ?? 0)
  if (minutes >= 10 && minutes <= 44_640) return minutes
  throw usageError(`--every ${text} is not a time from 10m to 31d. Examples: 30m, 6h, 1d.`)
}

async function list({ client }: Session): Promise<Result> {
  return shown(await client.watch.list())
}

async function check({ client }: Session, names: string[]): Promise<Result> {
  const servers = names.map(serverOf)
  const watches = await client.watch.check(servers.length > 0 ? { servers } : {})
  const faulty = watches.filter(({ last }) => last?.state === 'fault').map(addressOf)
  const no = faulty.length > 0 ? new EdgekeepError('watch.faults', { servers: faulty }) : undefined
  return { ...shown(watches), no }
}

async function remove({ client }: Session, name: string): Promise<Result> {
  const server = serverOf(name)
  await client.watch.remove(server)
  return { data: { server }, text: `No longer watching ${addressOf(server)}.` }
}

function shown(watches: Watch[]): Result {
  const none = 'No server is watched. Begin with: edgekeep watch add shop.example'
  const rows = watches.map((watch) => [addressOf(watch), ...cells(watch.last)])
  return {
    data: { watches },
    text: table(['SERVER', 'STATE', 'CERTIFICATE', 'ENDS', 'VAULT', 'HSTS', 'FAULTS'], rows, none),
  }
}

const states = { ok: 'as it should be', fault: 'fault', offline: 'offline' } as const

function cells(last: WatchResult | null): string[] {
  if (!last) return ['not asked yet']
  const { state, certificate, inVault, hsts, faults } = last
  const vault = inVault === null ? 'none for it' : inVault ? 'the same' : 'another'
  const served = certificate
    ? [certificate.title, day(certificate.notAfter), vault, hsts ? 'yes' : 'no']
    : ['', '', '', '']
  return [states[state], ...served, faults.map(({ sentence }) => sentence).join(' ')]
}

function addressOf({ host, port }: WatchedServer): string {
  return port === 443 ? host : `${hostInUrl(host)}:${port}`
}
