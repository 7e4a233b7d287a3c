import { anchorsFile, certificateFile, currentPath } from '../site/release-paths.ts'
import { portSuffix, type ServerSetup } from '../site/server-setup.ts'
import type { Site, SiteOrigin } from '../site/site.ts'
import { goSuites } from './go-suites.ts'
import type { Kind } from './kind.ts'
import { quoted } from './quoted.ts'

export const caddy: Kind = {
  title: 'Caddy',
  programs: ['caddy'],
  file: 'sites.caddy',
  // Caddy runs as a user of its own; the folder has its group.
  keyMode: 0o640,
  include: ({ current }) => ({
    line: `import ${current}/*.caddy`,
    place: 'on a line of its own in the Caddyfile',
  }),
  reads: () => ({ text: 'edgekeep/current/' }),
  test: ({ config }) => ['validate', '--adapter', 'caddyfile', '--config', config],
  reload: ({ config, control }) => ({
    // Certificates are read again only by force: the text of the configuration is the same.
    args: ['reload', '--force', '--adapter', 'caddyfile', '--config', config].concat(
      control === undefined ? [] : ['--address', control],
    ),
  }),
  answersHttp01: true,
  render: (sites, setup) => sites.flatMap((site) => blocksOf(site, setup)).join('\n'),
}

function blocksOf(site: Site, setup: ServerSetup): string[] {
  const { mode } = site.redirect
  const lines =
    mode === 'https' ? redirectTo('https', site, setup) : proxyLines(site, site.origins.http, setup)
  const http = block('http', site, setup, besideAnswers(site, lines))
  if (site.isPlain) return http
  const https = block('https', site, setup, [
    ...tlsLines(site, setup),
    ...(site.hsts === null ? [] : [`header Strict-Transport-Security ${quoted(site.hsts)}`]),
    ...(mode === 'http' ? redirectTo('http', site, setup) : proxyLines(site, site.origins.https, setup)),
  ])
  return [...https, ...http]
}

/** The key authorization is the token and the thumbprint (RFC 8555, section 8.1). */
function besideAnswers({ answersFor }: Site, lines: string[]): string[] {
  if (answersFor === null) return lines
  return [
    String.raw`@acme path_regexp acme ^/\.well-known/acme-challenge/([A-Za-z0-9_-]+)$`,
    'handle @acme {',
    `\trespond "{re.acme.1}.${answersFor}"`,
    '}',
    'handle {',
    ...lines.map((line) => `\t${line}`),
    '}',
  ]
}

function block(scheme: 'https' | 'http', { name }: Site, setup: ServerSetup, lines: string[]): string[] {
  const { bind, httpsPort, httpPort } = setup
  const all = [...(bind === undefined ? [] : [`bind ${bind}`]), ...lines]
  return [
    `${scheme}://${name}:${scheme === 'https' ? httpsPort : httpPort} {`,
    ...all.map((line) => `\t${line}`),
    '}',
  ]
}

function tlsLines(site: Site, setup: ServerSetup): string[] {
  const { minimumVersion, ciphers, http2 } = site.tls
  const certificate = currentPath(setup, certificateFile(site))
  const suites = goSuites(ciphers)
  return [
    `tls ${quoted(certificate)} ${quoted(`${certificate}.key`)} {`,
    `\tprotocols tls${minimumVersion} tls1.3`,
    ...(suites.length > 0 ? [`\tciphers ${suites.join(' ')}`] : []),
    `\talpn ${http2 ? 'h2 ' : ''}http/1.1`,
    '}',
  ]
}

function redirectTo(scheme: 'https' | 'http', { redirect }: Site, setup: ServerSetup): string[] {
  const port = scheme === 'https' ? portSuffix(setup.httpsPort, 443) : portSuffix(setup.httpPort, 80)
  return [`redir ${scheme}://{host}${port}{uri} ${redirect.code}`]
}

function proxyLines(site: Site, origin: SiteOrigin, setup: ServerSetup): string[] {
  const trust = site.verify
    ? `tls_trusted_ca_certs ${quoted(currentPath(setup, anchorsFile(site)))}`
    : 'tls_insecure_skip_verify'
  const transport = ['transport http {', `\ttls_server_name ${quoted(site.sni)}`, `\t${trust}`, '}']
  return [
    `reverse_proxy ${quoted(origin.url)} {`,
    ...[
      ...(site.hostHeader === null ? [] : [`header_up Host ${quoted(site.hostHeader)}`]),
      ...(site.hsts === null ? [] : ['header_down -Strict-Transport-Security']),
      ...(origin.tls ? transport : []),
    ].map((line) => `\t${line}`),
    '}',
  ]
}
