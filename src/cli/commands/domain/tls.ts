import { Argument, Option, type Command } from 'commander'
import type { Domain } from '../../../contract/domains/domains.ts'
import { effectiveMinimumVersion } from '../../../domain/effective-version.ts'
import {
  cipherProfileSchema,
  clientCertificatesSchema,
  tlsVersionSchema,
  type TlsChanges,
  type TlsPolicy,
} from '../../../contract/domains/tls-policy.ts'
import type { Cli, Session, Result } from '../../frame/command.ts'
import { formatEffect, facts, formatStapling } from '../../output/format.ts'
import { withEngine } from '../../session.ts'
import { readFile } from '../../input/files.ts'

type Switch = 'on' | 'off'

interface TlsOptions {
  min?: TlsPolicy['minimumVersion']
  ciphers?: TlsPolicy['ciphers']
  http2?: Switch
  tickets?: Switch
  stapling?: Switch
  clientCertificates?: TlsPolicy['clientCertificates']
  clientAnchors?: string[]
}

const switched = (flags: string, description: string) =>
  new Option(`${flags} <on|off>`, description).choices(['on', 'off'])

export function tlsCommand(program: Command, cli: Cli): void {
  program
    .command('tls')
    .addArgument(new Argument('<domain...>'))
    .addOption(new Option('--min <version>', 'lowest version of TLS').choices(tlsVersionSchema.options))
    .addOption(
      new Option('--ciphers <profile>', "Mozilla's profiles; modern is TLS 1.3 only").choices(
        cipherProfileSchema.options,
      ),
    )
    .addOption(switched('--http2', 'whether HTTP/2 is offered'))
    .addOption(switched('--tickets', 'whether clients may resume earlier sessions'))
    .addOption(switched('--stapling', 'whether OCSP responses are stapled'))
    .addOption(
      new Option('--client-certificates <mode>', 'whether clients need a certificate').choices(
        clientCertificatesSchema.options,
      ),
    )
    .option('--client-anchors <file...>', 'authorities that client certificates must chain to')
    .summary('TLS versions, cipher suites, HTTP/2, tickets, stapling and client certificates')
    .description(
      'Show a domain’s TLS settings, or set them for one or more domains. Options you leave out do not change.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ edgekeep tls shop.test                          show the settings, and what is stapled
  $ edgekeep tls shop.test api.shop.test --min 1.3
  $ edgekeep tls shop.test --ciphers compatible --http2 off --tickets off
  $ edgekeep tls shop.test --stapling on
  $ edgekeep tls admin.test --client-certificates required --client-anchors staff-ca.pem`,
    )
    .action(
      cli.answer((global, names: string[], options: TlsOptions) => {
        const changes = changesOf(options)
        if (Object.keys(changes).length === 0)
          return withEngine(global, (session) => show(session, names), 'facts')
        return withEngine(global, (session) => set(session, names, changes))
      }),
    )
}

function changesOf(options: TlsOptions): TlsChanges {
  const { min, ciphers, http2, tickets, stapling, clientCertificates, clientAnchors } = options
  return {
    ...(min && { minimumVersion: min }),
    ...(ciphers && { ciphers }),
    ...(http2 && { http2: http2 === 'on' }),
    ...(tickets && { sessionTickets: tickets === 'on' }),
    ...(stapling && { ocspStapling: stapling === 'on' }),
    ...(clientCertificates && { clientCertificates }),
    ...(clientAnchors && { clientAnchors: clientAnchors.map(anchorText) }),
  }
}

/** PEM unchanged; DER in base64, which the engine reads too. */
function anchorText(path: string): string {
  const bytes = Buffer.from(readFile(path).bytes)
  return bytes[0] === 0x30 ? bytes.toString('base64') : bytes.toString('latin1')
}

async function show({ client }: Session, names: string[]): Promise<Result> {
  const domains = await Promise.all(names.map((domain) => client.domains.get({ domain })))
  const data = {
    domains: domains.map(({ name, policies, https }) => ({
      name,
      tls: policies.tls,
      stapling: https.stapling,
    })),
  }
  return { data, text: domains.map(formatTls).join('\n\n') }
}

async function set({ client }: Session, names: string[], tls: TlsChanges): Promise<Result> {
  const { domains, effect } = await client.domains.changeTls({ domains: names, tls })
  return {
    data: { domains, effect },
    text: [...domains.map(formatTls), formatEffect(effect)].join('\n\n'),
  }
}

function formatTls(domain: Domain): string {
  const { tls } = domain.policies
  const least = effectiveMinimumVersion(tls)
  const lines: [string, string | undefined][] = [
    ['Domain', domain.displayName],
    ['Minimum version', `TLS ${least}`],
    ['Ciphers', tls.ciphers],
    ['HTTP/2', tls.http2 ? 'on' : 'off'],
    ['Session tickets', tls.sessionTickets && tls.clientCertificates === 'off' ? 'on' : 'off'],
    ['Stapling', formatStapling(domain)],
    ['Client certificates', formatClientCertificates(tls)],
  ]
  return facts(lines)
}

function formatClientCertificates({ clientCertificates, clientAnchors }: TlsPolicy): string {
  if (clientCertificates === 'off') return 'off'
  const count = clientAnchors.length
  return `${clientCertificates}, from ${count} ${count === 1 ? 'authority' : 'authorities'}`
}
