import { type Flags, type OptionsOf, facts, group, keys } from '../../frame/declare.ts'
import { count } from '../../../contract/text/count.ts'
import { isIP } from 'node:net'
import {
  defaultDnsWaitSeconds,
  type DnsSettings,
  longestDnsWaitSeconds,
  type PersistentRecordState,
} from '../../../contract/acme/acme.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { echoOf } from '../../../domain/echo.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { parseUrl } from '../../../contract/text/parse-url.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { type ErasureOptions, isAmong, yesFlag, confirm } from '../../flags/confirmation.ts'
import { askPassphrase } from '../../input/passphrase.ts'
import { table, factLines } from '../../output/format.ts'
import { stdinLine } from '../../input/stdin-line.ts'

type Tsig = Extract<DnsSettings, { kind: 'rfc2136' }>['algorithm']
const algorithms: Tsig[] = ['hmac-sha256', 'hmac-sha384', 'hmac-sha512']

const addFlags = {
  '--hook <program...>': 'full path of a program, and its arguments',
  '--acme-dns <url>': 'an acme-dns server',
  '--username <name>': 'with --acme-dns',
  '--subdomain <name>': 'with --acme-dns',
  '--update <host:port>': 'a name server that accepts updates',
  '--zone <name>': 'with --update: the zone',
  '--key-name <name>': 'with --update: the name of the TSIG key',
  '--algorithm <name>': { about: 'with --update', choices: algorithms, default: 'hmac-sha256' },
  '--wait <seconds>':
    'how long an order waits at most until every name server of the zone has the record; 0: not at all (default: 120)',
  '--secret-stdin': 'read the password or TSIG key (base64) from the first line of standard input',
} as const satisfies Flags
type AddOptions = OptionsOf<typeof addFlags>

export const acmeDnsCommands = group('dns', 'DNS methods, which set the TXT records of dns-01', [
  keys('add <name>', {
    summary: 'add a DNS method',
    about:
      'Add a DNS method, which sets the TXT records of dns-01: a program, an acme-dns server, or updates signed by a TSIG key (RFC 2136). Secrets are sealed in the vault. A program is called with "present" or "cleanup", the name of the record and its value, without a shell.',
    flags: addFlags,
    examples: [
      'acme dns add mine --hook /usr/local/bin/set-txt',
      'acme dns add bind --update 192.0.2.53:53 --zone example.com --key-name acme',
    ],
    run: add,
  }),
  facts('list', {
    about: 'List the DNS methods, without their secrets.',
    examples: ['acme dns list'],
    run: list,
  }),
  keys('record <names...>', {
    summary: 'show the record to set once for dns-persist-01',
    about:
      'Show the TXT record that you set once so that an account gets certificates by dns-persist-01, and whether it is set. A name with *. also allows certificates for all names below it. Exit status 1 while a record is missing.',
    flags: { '--account <ref>': { about: 'the ACME account', isRequired: true } },
    examples: ['acme dns record shop.example "*.shop.example" --account Corp'],
    run: showRecords,
  }),
  keys('wait <ref> <seconds>', {
    summary: 'change how long orders wait for the name servers',
    about:
      'Change how long an order waits for every name server of the zone to have the TXT record, up to 3600 seconds. With 0, it does not wait.',
    examples: ['acme dns wait bind 120'],
    run: setWait,
  }),
  keys('remove <ref>', {
    about: 'Remove a DNS method and erase its secret.',
    flags: yesFlag,
    examples: ['acme dns remove bind'],
    run: remove,
  }),
])

async function add({ client }: Session, name: string, options: AddOptions): Promise<Result> {
  const settings = settingsOf(options)
  const waitSeconds = options.wait === undefined ? defaultDnsWaitSeconds : secondsOf(options.wait)
  const secret =
    settings.kind === 'hook'
      ? undefined
      : options.secretStdin
        ? stdinLine()
        : await askPassphrase(
            settings.kind === 'rfc2136' ? 'the TSIG key (base64)' : 'the acme-dns account',
            '--secret-stdin',
          )
  const method = await client.acme.addDnsMethod({
    name,
    settings,
    secret,
    waitSeconds,
  })
  return {
    data: { method },
    text: `Added "${method.name}". Use it with: --challenge dns-01 --dns "${method.name}"`,
  }
}

function settingsOf(options: AddOptions): DnsSettings {
  const { hook, acmeDns, update } = options
  if ([hook, acmeDns, update].filter((each) => each !== undefined).length !== 1)
    throw usageError('Give one of --hook, --acme-dns and --update.')
  if (hook) return { kind: 'hook', command: hook }
  if (acmeDns !== undefined) {
    const { username, subdomain } = options
    if (username === undefined || subdomain === undefined)
      throw usageError('--acme-dns needs --username and --subdomain.')
    return { kind: 'acme-dns', server: acmeDns, username, subdomain }
  }
  const { zone, keyName, algorithm } = options
  if (zone === undefined || keyName === undefined) throw usageError('--update needs --zone and --key-name.')
  return { kind: 'rfc2136', ...serverOf(update ?? ''), zone, keyName, algorithm }
}

/** `HOST`, `HOST:PORT` or `[IPv6]:PORT`; without a port 53. */
function serverOf(text: string): { server: string; port: number } {
  if (isIP(text) !== 0) return { server: text, port: 53 }
  const { hostname, port } = parseUrl(`dns://${text}`) ?? {}
  if (!hostname) throw usageError(`--update ${text} is not a name server; give HOST or HOST:PORT.`)
  return { server: hostname.replace(/^\[|\]$/g, ''), port: port ? Number(port) : 53 }
}

async function list({ client }: Session): Promise<Result> {
  const methods = await client.acme.dnsMethods()
  const cells = methods.map(({ name, settings, waitSeconds }) => [
    name,
    settings.kind,
    whereOf(settings),
    waitSeconds === 0 ? 'no' : `${waitSeconds} s`,
  ])
  const none = 'There is no DNS method yet. Add one: edgekeep acme dns add NAME --hook PROGRAM'
  return {
    data: { methods },
    text: table(['NAME', 'KIND', 'WHERE', 'WAITS'], cells, none),
  }
}

function whereOf(settings: DnsSettings): string {
  if (settings.kind === 'hook') return settings.command.join(' ')
  return settings.kind === 'acme-dns'
    ? settings.server
    : `${settings.server}:${settings.port} ${settings.zone}`
}

async function showRecords(
  { client }: Session,
  names: string[],
  { account }: { account: string },
): Promise<Result> {
  const records = await client.acme.persistentRecords({ account, names })
  const missing = records.find(({ isThere }) => !isThere)
  const text = records.map(formatRecord).join('\n\n')
  const no = missing && new EdgekeepError('acme.persistent_record_missing', missing)
  return { data: { records }, text, no }
}

function formatRecord({ name, value, isThere, seen, reason }: PersistentRecordState): string {
  const now =
    reason === null
      ? seen.length === 0
        ? 'no record'
        : seen.map((text) => `"${visibleText(text)}"`).join(', ')
      : `cannot be looked up (${reason})`
  return factLines([
    ['Name', name],
    ['Type', 'TXT'],
    ['Value', visibleText(value)],
    ['Now', isThere ? 'it is set' : now],
  ])
}

async function setWait({ client }: Session, reference: string, seconds: string): Promise<Result> {
  const method = await client.acme.setDnsWait({ reference, waitSeconds: secondsOf(seconds) })
  const { name, waitSeconds } = method
  const text =
    waitSeconds === 0
      ? `Orders by "${name}" do not wait for the name servers.`
      : `Orders by "${name}" wait ${count(waitSeconds, 'second')} at most for the name servers.`
  return { data: { method }, text }
}

function secondsOf(text: string): number {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : NaN
  if (seconds <= longestDnsWaitSeconds) return seconds
  throw usageError(`"${text}" is not a number of seconds from 0 to ${longestDnsWaitSeconds}.`)
}

async function remove({ client }: Session, reference: string, { yes }: ErasureOptions): Promise<Result> {
  if (!yes) {
    const methods = await client.acme.dnsMethods()
    if (!isAmong(methods, reference))
      throw new EdgekeepError('acme.dns_not_found', { reference: echoOf(reference) })
    await confirm(`This erases the secret of "${reference}". Remove it?`)
  }
  const { name } = await client.acme.removeDnsMethod({ reference })
  return { data: { name }, text: `Removed "${name}" and erased its secret.` }
}
