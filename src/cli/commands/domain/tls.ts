import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import { Argument } from 'commander'
import type { Domain } from '../../../contract/domains/domains.ts'
import { effectiveMinimumVersion } from '../../../domain/effective-version.ts'
import {
  cipherProfileSchema,
  clientCertificatesSchema,
  tlsVersionSchema,
  type TlsChanges,
  type TlsPolicy,
} from '../../../contract/domains/tls-policy.ts'
import type { Session, Result } from '../../frame/command.ts'
import { formatEffect, factLines, formatStapling } from '../../output/format.ts'
import { withEngine } from '../../session.ts'
import { readFile } from '../../input/files.ts'

const tlsFlags = {
  '--min <version>': { about: 'lowest version of TLS', choices: tlsVersionSchema.options },
  '--ciphers <profile>': {
    about: "Mozilla's profiles; modern is TLS 1.3 only",
    choices: cipherProfileSchema.options,
  },
  '--http2 <on|off>': { about: 'whether HTTP/2 is offered', choices: ['on', 'off'] },
  '--tickets <on|off>': { about: 'whether clients may resume earlier sessions', choices: ['on', 'off'] },
  '--stapling <on|off>': { about: 'whether OCSP responses are stapled', choices: ['on', 'off'] },
  '--client-certificates <mode>': {
    about: 'whether clients need a certificate',
    choices: clientCertificatesSchema.options,
  },
  '--client-anchors <file...>': 'authorities that client certificates must chain to',
} as const satisfies Flags
type TlsOptions = OptionsOf<typeof tlsFlags>

export const tlsCommand = answer('tls', {
  args: [new Argument('<domain...>')],
  summary: 'TLS versions, cipher suites, HTTP/2, tickets, stapling and client certificates',
  about:
    'Show a domain’s TLS settings, or set them for one or more domains. Options you leave out do not change.',
  flags: tlsFlags,
  examples: [
    'tls shop.test                          show the settings, and what is stapled',
    'tls shop.test api.shop.test --min 1.3',
    'tls shop.test --ciphers compatible --http2 off --tickets off',
    'tls shop.test --stapling on',
    'tls admin.test --client-certificates required --client-anchors staff-ca.pem',
  ],
  run: (global, names: string[], options: TlsOptions) => {
    const changes = changesOf(options)
    if (Object.keys(changes).length === 0)
      return withEngine(global, (session) => show(session, names), 'facts')
    return withEngine(global, (session) => set(session, names, changes))
  },
})

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
  return factLines(lines)
}

function formatClientCertificates({ clientCertificates, clientAnchors }: TlsPolicy): string {
  if (clientCertificates === 'off') return 'off'
  const count = clientAnchors.length
  return `${clientCertificates}, from ${count} ${count === 1 ? 'authority' : 'authorities'}`
}
