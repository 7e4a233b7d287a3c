import { type Flags, type OptionsOf, facts, group, keys } from '../../frame/declare.ts'
import type { NoticeChannel, NoticeSettings } from '../../../contract/notices/notices.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { parseUrl } from '../../../contract/text/parse-url.ts'
import { echoOf } from '../../../domain/echo.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { confirm, type ErasureOptions, isAmong, yesFlag } from '../../flags/confirmation.ts'
import { askSecret } from '../../input/passphrase.ts'
import { stdinLine } from '../../input/stdin-line.ts'
import { table } from '../../output/format.ts'

const addFlags = {
  '--webhook': 'JSON by POST to a URL',
  '--slack': 'an incoming webhook of Slack',
  '--dingtalk': 'a robot of DingTalk, with the keyword "Edgekeep" or with signatures',
  '--email <address...>': 'e-mail, through --server',
  '--server <url>':
    'with --email: smtps://USER@HOST:465, or smtp://USER@HOST:587 for STARTTLS; without TLS only at localhost',
  '--from <address>': 'with --email: the sender; by default the first address',
  '--command <program...>': 'full path of a program, and its arguments',
  '--secret-stdin':
    'read the URL or password from standard input; for --dingtalk the next line may have the signing secret',
} as const satisfies Flags
type AddOptions = OptionsOf<typeof addFlags>

export const noticeCommands = group(
  'notice',
  'notices that leave the program: certificates that need you, and lost trust',
  [
    facts('list', {
      isDefault: true,
      about: 'List the notice channels, without their secrets, and their last deliveries.',
      examples: ['notice list'],
      run: list,
    }),
    keys('add <name>', {
      summary: 'add a notice channel',
      about:
        'Add a channel that gets a notice when a certificate expires, could not be renewed or has a replacement that waits for you, and when a trust store no longer has your authority. Notices have names and dates, nothing else. The URL of a webhook and the password of a mail server are asked for and sealed in the vault. A program gets the notice as JSON on its standard input, without a shell.',
      flags: addFlags,
      examples: [
        'notice add team --slack',
        'notice add me --email me@shop.example --server smtps://me@mail.shop.example:465',
        'notice add log --command /usr/local/bin/take-notice',
      ],
      run: add,
    }),
    keys('test <ref>', { about: 'Send a test notice.', examples: ['notice test team'], run: test }),
    keys('remove <ref>', {
      about: 'Remove a notice channel and erase its secret.',
      flags: yesFlag,
      examples: ['notice remove team'],
      run: remove,
    }),
  ],
)

async function list({ client }: Session): Promise<Result> {
  const channels = await client.notices.list()
  const none = 'Nothing gets notices yet. Add a channel: edgekeep notice add NAME --slack'
  return { data: { channels }, text: table(['NAME', 'KIND', 'WHERE', 'LAST'], channels.map(cells), none) }
}

function cells({ name, settings, place, last }: NoticeChannel): string[] {
  return [name, settings.kind, place, last ? `${last.at}: ${last.sentence}` : 'nothing yet']
}

async function add({ client }: Session, name: string, options: AddOptions): Promise<Result> {
  const settings = settingsOf(options)
  const secret = await secretOf(settings, options.secretStdin ?? false)
  const channel = await client.notices.add({ name, settings, secret })
  return {
    data: { channel },
    text: `Added "${channel.name}". Try it: edgekeep notice test "${channel.name}"`,
  }
}

async function secretOf(settings: NoticeSettings, isGiven: boolean): Promise<string | undefined> {
  if (settings.kind === 'command' || (settings.kind === 'email' && settings.user === null)) return undefined
  const ask = isGiven ? stdinLine : askHere
  if (settings.kind === 'email') return ask(`Password for the mail server ${settings.host}`)
  const url = await ask('URL of the webhook')
  if (settings.kind !== 'dingtalk') return url
  const signingSecret = await ask('Signing secret of the robot (empty if it has a keyword)')
  return `${url}\n${signingSecret}`
}

function askHere(label: string): Promise<string> {
  if (process.stdin.isTTY) return askSecret(label)
  const remedy = 'and there is no terminal to ask at. Give it on standard input with --secret-stdin.'
  throw usageError(`This is needed: ${label}, ${remedy}`)
}

function settingsOf(options: AddOptions): NoticeSettings {
  const { webhook, slack, dingtalk, email, command } = options
  const given = [webhook, slack, dingtalk, email, command].filter((each) => each !== undefined)
  if (given.length !== 1)
    throw usageError('Give one of --webhook, --slack, --dingtalk, --email and --command.')
  if (command) return { kind: 'command', command }
  if (email) return emailOf(email, options)
  return { kind: slack ? 'slack' : dingtalk ? 'dingtalk' : 'webhook' }
}

function emailOf(to: string[], { server, from = to[0] ?? '' }: AddOptions): NoticeSettings {
  const url = parseUrl(server ?? '')
  if (!url?.hostname || !['smtps:', 'smtp:'].includes(url.protocol))
    throw usageError('--email needs --server smtps://USER@HOST:465 or smtp://USER@HOST:587.')
  if (url.password !== '')
    throw usageError('No password belongs into --server: other users see it there. It is asked for.')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isHere = ['localhost', '127.0.0.1', '::1'].includes(host)
  const security = url.protocol === 'smtps:' ? 'tls' : isHere ? 'none' : 'starttls'
  const user = url.username === '' ? null : decodeURIComponent(url.username)
  const port = url.port === '' ? { tls: 465, starttls: 587, none: 25 }[security] : Number(url.port)
  return { kind: 'email', host, port, security, user, from, to }
}

async function test({ client }: Session, reference: string): Promise<Result> {
  const done = await client.notices.test({ reference })
  return { data: done, text: done.sentence }
}

async function remove({ client }: Session, reference: string, { yes }: ErasureOptions): Promise<Result> {
  if (!yes) {
    if (!isAmong(await client.notices.list(), reference))
      throw new EdgekeepError('notice.not_found', { reference: echoOf(reference) })
    await confirm(`This erases the secret of "${reference}". Remove it?`)
  }
  const { name } = await client.notices.remove({ reference })
  return { data: { name }, text: `Removed "${name}" and erased its secret.` }
}
