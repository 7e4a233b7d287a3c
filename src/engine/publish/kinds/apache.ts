import { cipherSuites } from '../../../domain/cipher-suites.ts'
import { hostInUrl } from '../../../domain/ip-address.ts'
import { anchorsFile, certificateFile, currentPath } from '../site/release-paths.ts'
import { portSuffix, type ServerSetup } from '../site/server-setup.ts'
import type { Site } from '../site/site.ts'
import type { Kind } from './kind.ts'
import { quoted } from './quoted.ts'

export const apache: Kind = {
  title: 'Apache',
  programs: ['apache2ctl', 'apachectl'],
  file: 'sites.conf',
  keyMode: 0o600,
  include: ({ current }) => ({
    line: `IncludeOptional ${current}/*.conf`,
    place:
      'at the end of its configuration, which has Listen for both ports and loads ssl, headers, alias, proxy, proxy_http and http2',
  }),
  reads: ({ config }) => ['-t', '-D', 'DUMP_INCLUDES', '-f', config],
  test: ({ config }) => ['-t', '-f', config],
  reload: ({ config }) => ({ args: ['-f', config, '-k', 'graceful'] }),
  answersHttp01: true,
  render: (sites, setup) => sites.flatMap((site) => hostsOf(site, setup)).join('\n'),
  refusal,
}

function refusal({ name, origins, sni, hostHeader }: Site): string | null {
  if (name.startsWith('*.')) return 'Apache lets a wildcard match several labels, and it is meant for one'
  if ((origins.https.tls || origins.http.tls) && sni !== (hostHeader ?? name))
    return 'Apache sends the Host header as the server name to its origin'
  return null
}

function hostsOf(site: Site, setup: ServerSetup): string[] {
  const { mode } = site.redirect
  const http = virtualHost(site, setup.httpPort, setup, [
    ...answerLines(site),
    ...(mode === 'https' ? redirectTo('https', site, setup) : proxyLines('http', site, setup)),
  ])
  if (site.isPlain) return http
  const https = virtualHost(site, setup.httpsPort, setup, [
    ...tlsLines(site, setup),
    ...hstsLines(site),
    ...(mode === 'http' ? redirectTo('http', site, setup) : proxyLines('https', site, setup)),
  ])
  return [...https, ...http]
}

/**
 * The key authorization is the token and the thumbprint (RFC 8555, section 8.1). `Redirect 200` answers with the text
 * of `ErrorDocument`, Apache's way to an answer that is no file.
 */
function answerLines({ answersFor }: Site): string[] {
  if (answersFor === null) return []
  return [
    String.raw`<LocationMatch "^/\.well-known/acme-challenge/(?<token>[A-Za-z0-9_-]+)$">`,
    '  ProxyPass "!"',
    '  Redirect 200',
    `  ErrorDocument 200 "%{env:MATCH_TOKEN}.${answersFor}"`,
    '</LocationMatch>',
  ]
}

function virtualHost({ name }: Site, port: number, { bind }: ServerSetup, lines: string[]): string[] {
  const address = bind === undefined ? '*' : hostInUrl(bind)
  return [
    `<VirtualHost ${address}:${port}>`,
    ...[`ServerName ${quoted(name)}`, ...lines].map((line) => `  ${line}`),
    '</VirtualHost>',
  ]
}

function tlsLines(site: Site, setup: ServerSetup): string[] {
  const { minimumVersion, ciphers, http2 } = site.tls
  const certificate = currentPath(setup, certificateFile(site))
  const elder = cipherSuites[ciphers].filter((suite) => !suite.startsWith('TLS_'))
  return [
    `Protocols ${http2 ? 'h2 ' : ''}http/1.1`,
    'SSLEngine on',
    `SSLCertificateFile ${quoted(certificate)}`,
    `SSLCertificateKeyFile ${quoted(`${certificate}.key`)}`,
    `SSLProtocol -all ${minimumVersion === '1.3' ? '' : '+TLSv1.2 '}+TLSv1.3`,
    ...(elder.length > 0 ? [`SSLCipherSuite ${quoted(elder.join(':'))}`] : []),
    `SSLHonorCipherOrder ${ciphers === 'compatible' ? 'on' : 'off'}`,
  ]
}

/** Headers of an origin are in the table `onsuccess`, all that are sent in `always`. */
function hstsLines({ hsts }: Site): string[] {
  if (hsts === null) return []
  return [
    'Header onsuccess unset Strict-Transport-Security',
    `Header always set Strict-Transport-Security ${quoted(hsts)}`,
  ]
}

/** Path and query stay. */
function redirectTo(scheme: 'https' | 'http', { name, redirect }: Site, setup: ServerSetup): string[] {
  const port = scheme === 'https' ? portSuffix(setup.httpsPort, 443) : portSuffix(setup.httpPort, 80)
  return [`Redirect ${redirect.code} "/" ${quoted(`${scheme}://${name}${port}/`)}`]
}

function proxyLines(scheme: 'https' | 'http', site: Site, setup: ServerSetup): string[] {
  const origin = site.origins[scheme]
  return [
    // Apache refuses bodies over 1 GiB by default; the edge has no limit.
    'LimitRequestBody 0',
    ...(origin.tls ? originTls(site, setup) : []),
    'ProxyPreserveHost On',
    `RequestHeader set X-Forwarded-Proto ${quoted(scheme)}`,
    ...(site.hostHeader === null ? [] : [`RequestHeader set Host ${quoted(site.hostHeader)}`]),
    `ProxyPass "/" ${quoted(`${origin.url}/`)} upgrade=websocket`,
  ]
}

function originTls(site: Site, setup: ServerSetup): string[] {
  const trust = site.verify
    ? ['SSLProxyVerify require', `SSLProxyCACertificateFile ${quoted(currentPath(setup, anchorsFile(site)))}`]
    : ['SSLProxyVerify none', 'SSLProxyCheckPeerName off']
  return ['SSLProxyEngine on', ...trust]
}
