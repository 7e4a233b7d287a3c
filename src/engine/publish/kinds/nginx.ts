import { cipherSuites } from '../../../domain/cipher-suites.ts'
import { anchorsFile, certificateFile, currentPath } from '../site/release-paths.ts'
import { listenAddresses, portSuffix, type ServerSetup } from '../site/server-setup.ts'
import type { Site, SiteOrigin } from '../site/site.ts'
import type { Kind } from './kind.ts'
import { quoted } from './quoted.ts'

export const nginx: Kind = {
  title: 'nginx',
  programs: ['nginx'],
  file: 'sites.conf',
  keyMode: 0o600,
  include: ({ current }) => ({ line: `include ${current}/*.conf;`, place: 'in its http block' }),
  reads: ({ config }) => ['-T', '-c', config],
  test: ({ config }) => ['-t', '-c', config],
  reload: ({ config }) => ({ args: ['-s', 'reload', '-c', config] }),
  answersHttp01: true,
  render: (sites, setup) =>
    sites.length === 0 ? '' : [connectionMap, ...sites.flatMap((site) => serversOf(site, setup))].join('\n'),
}

const connectionMap = 'map $http_upgrade $edgekeep_connection { default upgrade; "" ""; }'

function serversOf(site: Site, setup: ServerSetup): string[] {
  const { redirect } = site
  const http = server(site, setup.httpPort, setup, [
    ...answerLines(site),
    ...(redirect.mode === 'https'
      ? redirectTo('https', site, setup)
      : proxyLines(site, site.origins.http, setup)),
  ])
  if (site.isPlain) return http
  const https = server(site, setup.httpsPort, setup, [
    ...tlsLines(site, setup),
    ...hstsLines(site),
    ...(redirect.mode === 'http'
      ? redirectTo('http', site, setup)
      : proxyLines(site, site.origins.https, setup)),
  ])
  return [...https, ...http]
}

/** The key authorization is the token and the thumbprint (RFC 8555, section 8.1). */
function answerLines({ answersFor }: Site): string[] {
  if (answersFor === null) return []
  return [
    String.raw`location ~ "^/\.well-known/acme-challenge/([A-Za-z0-9_-]+)$" {`,
    '  default_type text/plain;',
    `  return 200 "$1.${answersFor}";`,
    '}',
  ]
}

function server({ name }: Site, port: number, setup: ServerSetup, lines: string[]): string[] {
  const tls = port === setup.httpsPort ? ' ssl' : ''
  const listen = listenAddresses(setup, port).map((address) => `listen ${address}${tls};`)
  return [
    'server {',
    ...[...listen, `server_name ${serverName(name)};`, ...lines].map((line) => `  ${line}`),
    '}',
  ]
}

/** One label for a wildcard, where nginx's own match any number. */
function serverName(name: string): string {
  return name.startsWith('*.') ? `"~^[^.]+\\.${name.slice(2).replaceAll('.', '\\.')}$"` : quoted(name)
}

function tlsLines(site: Site, setup: ServerSetup): string[] {
  const { minimumVersion, ciphers, http2 } = site.tls
  const certificate = currentPath(setup, certificateFile(site))
  return [
    ...(http2 ? ['http2 on;'] : []),
    `ssl_certificate ${quoted(certificate)};`,
    `ssl_certificate_key ${quoted(`${certificate}.key`)};`,
    `ssl_protocols ${minimumVersion === '1.3' ? '' : 'TLSv1.2 '}TLSv1.3;`,
    `ssl_ciphers ${quoted(cipherSuites[ciphers].filter((suite) => !suite.startsWith('TLS_')).join(':') || 'DEFAULT')};`,
    `ssl_prefer_server_ciphers ${ciphers === 'compatible' ? 'on' : 'off'};`,
  ]
}

function hstsLines({ hsts }: Site): string[] {
  if (hsts === null) return []
  return [
    `add_header Strict-Transport-Security ${quoted(hsts)} always;`,
    'proxy_hide_header Strict-Transport-Security;',
  ]
}

function redirectTo(scheme: 'https' | 'http', { redirect, answersFor }: Site, setup: ServerSetup): string[] {
  const port = scheme === 'https' ? portSuffix(setup.httpsPort, 443) : portSuffix(setup.httpPort, 80)
  const lead = `return ${redirect.code} ${scheme}://$host${port}$request_uri;`
  // Outside of a location it would come before the answer to a challenge.
  return [answersFor === null ? lead : `location / { ${lead} }`]
}

function proxyLines(site: Site, origin: SiteOrigin, setup: ServerSetup): string[] {
  const host = site.hostHeader === null ? '$http_host' : quoted(site.hostHeader)
  const verification = site.verify
    ? [
        'proxy_ssl_verify on;',
        'proxy_ssl_verify_depth 5;',
        `proxy_ssl_trusted_certificate ${quoted(currentPath(setup, anchorsFile(site)))};`,
      ]
    : ['proxy_ssl_verify off;']
  const tls = ['proxy_ssl_server_name on;', `proxy_ssl_name ${quoted(site.sni)};`, ...verification]
  return [
    // nginx refuses bodies over 1 MiB by default; the edge has no limit.
    'client_max_body_size 0;',
    'location / {',
    ...[
      `proxy_pass ${quoted(origin.url)};`,
      'proxy_http_version 1.1;',
      `proxy_set_header Host ${host};`,
      'proxy_set_header Upgrade $http_upgrade;',
      'proxy_set_header Connection $edgekeep_connection;',
      'proxy_set_header X-Forwarded-For $remote_addr;',
      'proxy_set_header X-Forwarded-Host $http_host;',
      'proxy_set_header X-Forwarded-Proto $scheme;',
      ...(origin.tls ? tls : []),
    ].map((line) => `  ${line}`),
    '}',
  ]
}
