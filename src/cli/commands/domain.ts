import { Option, type Command } from 'commander'
import type { Origin } from '../../contract/domains.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import { formatOrigin, parseOrigin } from '../../contract/origin-url.ts'
import { table, type Result } from '../output.ts'
import type { Cli } from '../command.ts'
import { readFile } from '../files.ts'
import { domainHistoryCommand } from './cert-records.ts'
import { withEngine, type Session } from '../session.ts'
import { domainInWords, effectInWords, httpsInWords, redirectInWords } from '../words.ts'

interface OriginOptions {
  origin?: string
  originProtocol?: Origin['protocol']
  hostHeader?: string
  sni?: string
  verify?: boolean
  originHttp2?: boolean
  originAnchors?: string
}

export function domainCommands(program: Command, cli: Cli): void {
  const domain = program.command('domain').description('domains that the edge serves')
  withOriginOptions(domain.command('add <name>'))
    .summary('add a domain')
    .description(
      'Add a domain: exact (shop.test) or one-label wildcard (*.shop.test). It is served over HTTP at once.',
    )
    .addHelpText('after', '\nExample:\n  $ edgekeep domain add shop.test --origin http://127.0.0.1:3000')
    .action(
      cli.answer((global, name: string, options: OriginOptions) =>
        withEngine(global, (session) => add(session, name, options)),
      ),
    )
  domain
    .command('list')
    .description('List the domains.')
    .action(cli.answer((global) => withEngine(global, list, 'facts')))
  domain
    .command('show <name>')
    .description('Show one domain.')
    .action(
      cli.answer((global, name: string) => withEngine(global, (session) => show(session, name), 'facts')),
    )
  withOriginOptions(domain.command('set <name>'))
    .summary("change a domain's origin")
    .description("Change a domain's origin; what is not named stays.")
    .addHelpText(
      'after',
      '\nExample:\n  $ edgekeep domain set shop.test --origin https://staging.example.com --host-header staging.example.com',
    )
    .action(
      cli.answer((global, name: string, options: OriginOptions) =>
        withEngine(global, (session) => set(session, name, options)),
      ),
    )
  domain
    .command('remove <name>')
    .description('Remove a domain, with its certificate and key unless they are used elsewhere or kept.')
    .action(cli.answer((global, name: string) => withEngine(global, (session) => remove(session, name))))
  domainHistoryCommand(domain, cli)
}

function withOriginOptions(command: Command): Command {
  return command
    .option(
      '--origin <url>',
      'http://host:port, https://host:port, h2c://host:port, or host alone to follow each request',
    )
    .addOption(
      new Option('--origin-protocol <protocol>', 'how the origin is spoken to').choices([
        'follow',
        'http',
        'https',
        'h2c',
      ]),
    )
    .option('--host-header <host>', 'Host header sent to the origin ("-" passes on the one of the request)')
    .option('--sni <name>', 'name in the TLS handshake with the origin ("-" takes the Host header)')
    .option('--verify', "verify the origin's certificate (the default)")
    .option('--no-verify', "take the origin's certificate as it comes")
    .option(
      '--origin-anchors <file>',
      'certificates to verify the origin\'s with, instead of the usual roots ("-" takes the usual ones)',
    )
    .option('--origin-http2', 'over TLS, HTTP/2 where the origin offers it')
    .option('--no-origin-http2', 'HTTP/1.1 in any case (the default)')
}

async function add({ client }: Session, name: string, options: OriginOptions): Promise<Result> {
  if (!options.origin) {
    throw new EdgekeepError('usage.wrong', { reason: 'Give the origin: --origin http://127.0.0.1:3000.' })
  }
  const { domain, effect } = await client.domains.add({
    name,
    origin: asked(parseOrigin(options.origin), options),
  })
  const words = `Added ${domain.displayName} → ${formatOrigin(domain.origin)}. ${effectInWords(effect)}`
  return { data: { domain, effect }, words }
}

async function list({ client }: Session): Promise<Result> {
  const domains = await client.domains.list()
  const rows = domains.map((domain) => [
    domain.displayName,
    formatOrigin(domain.origin),
    httpsInWords(domain),
    redirectInWords(domain),
  ])
  const empty =
    'There is no domain yet. Add one: edgekeep domain add shop.test --origin http://127.0.0.1:3000'
  return {
    data: { domains },
    words: rows.length ? table(['DOMAIN', 'ORIGIN', 'HTTPS', 'REDIRECT'], rows) : empty,
  }
}

async function show({ client }: Session, name: string): Promise<Result> {
  const domain = await client.domains.get({ domain: name })
  return { data: { domain }, words: domainInWords(domain) }
}

async function set({ client }: Session, name: string, options: OriginOptions): Promise<Result> {
  const { origin: now } = await client.domains.get({ domain: name })
  const base = options.origin ? { ...now, ...addressOf(parseOrigin(options.origin)) } : now
  const { domain, effect } = await client.domains.setOrigin({ domain: name, origin: asked(base, options) })
  const words = `${domain.displayName} → ${formatOrigin(domain.origin)}. ${effectInWords(effect)}`
  return { data: { domain, effect }, words }
}

function addressOf({ protocol, host, httpPort, httpsPort }: Origin): Partial<Origin> {
  return { protocol, host, httpPort, httpsPort }
}

function asked(origin: Origin, options: OriginOptions): Origin {
  const { originProtocol, hostHeader, sni, verify, originHttp2, originAnchors } = options
  const unless = (value: string | undefined, now: string | null) =>
    value === undefined ? now : value === '-' ? null : value
  return {
    ...origin,
    protocol: originProtocol ?? origin.protocol,
    hostHeader: unless(hostHeader, origin.hostHeader),
    sni: unless(sni, origin.sni),
    verify: verify ?? origin.verify,
    http2: originHttp2 ?? origin.http2,
    anchorsPem:
      originAnchors === undefined || originAnchors === '-'
        ? unless(originAnchors, origin.anchorsPem)
        : Buffer.from(readFile(originAnchors).bytes).toString('latin1'),
  }
}

async function remove({ client }: Session, name: string): Promise<Result> {
  const { erased, effect } = await client.domains.remove({ domain: name })
  const words = `Removed ${name}.${erased.length ? ` Erased with it: ${erased.join(', ')}.` : ''} ${effectInWords(effect)}`
  return { data: { erased, effect }, words }
}
