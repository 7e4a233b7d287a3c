import { cipherSuites } from '../../../domain/cipher-suites.ts'
import { hostInUrl } from '../../../domain/ip-address.ts'
import { anchorsFile, certificateFile, currentPath } from '../site/release-paths.ts'
import { listenAddresses, portSuffix, type ServerSetup } from '../site/server-setup.ts'
import type { Site, SiteOrigin } from '../site/site.ts'
import type { Kind } from './kind.ts'
import { bareHost, quoted } from './quoted.ts'

export const haproxy: Kind = {
  title: 'HAProxy',
  programs: ['haproxy'],
  file: 'sites.cfg',
  keyMode: 0o600,
  include: ({ current }) => ({
    line: `-f ${current}/`,
    place:
      'after its other -f, such as EXTRAOPTS of /etc/default/haproxy; its own configuration leaves these ports alone',
  }),
  reads: () => null,
  test: ({ config, current }) => ['-c', '-f', config, '-f', `${current}/`],
  reload: ({ control }) =>
    control === undefined
      ? { command: ['systemctl', 'reload', 'haproxy'] }
      : { socket: control, line: 'reload', success: /^Success=1/m },
  answersHttp01: true,
  render,
  files: (sites, setup) => (sites.length === 0 ? new Map() : new Map([['crt-list', crtList(sites, setup)]])),
}

const requestHost = 'var(txn.edgekeep_host)'

function render(sites: readonly Site[], setup: ServerSetup): string {
  if (sites.length === 0) return ''
  return [
    // Its own defaults, so that those of the person's configuration change nothing here.
    'defaults edgekeep',
    '  mode http',
    '  timeout connect 10s',
    '  timeout client 60s',
    '  timeout server 120s',
    '  timeout tunnel 1h',
    ...frontend(
      'https',
      sites.filter(({ isPlain }) => !isPlain),
      setup,
    ),
    ...frontend('http', sites, setup),
    ...sites.flatMap((site) => backendsOf(site, setup)),
  ].join('\n')
}

type Scheme = 'https' | 'http'

function frontend(scheme: Scheme, sites: readonly Site[], setup: ServerSetup): string[] {
  if (sites.length === 0) return []
  const port = scheme === 'https' ? setup.httpsPort : setup.httpPort
  const tls = scheme === 'https' ? ` ssl crt-list ${currentPath(setup, 'crt-list')} strict-sni` : ''
  const binds = listenAddresses(setup, port).map((address) =>
    address.includes(':') ? address : `:${address}`,
  )
  const lines = [
    ...binds.map((address) => `bind ${address}${tls}`),
    `http-request set-var(txn.edgekeep_host) req.hdr(host),field(1,:),lower`,
    ...sites.flatMap(scheme === 'https' ? hstsLines : answerLines),
    ...sites.map((site) => leadTo(scheme, site, setup)),
  ]
  return [`frontend edgekeep_${scheme} from edgekeep`, ...lines.map((line) => `  ${line}`)]
}

/** One label for a wildcard. */
function isHost({ name }: Site): string {
  return name.startsWith('*.')
    ? `{ ${requestHost} -m reg ^[^.]+\\.${name.slice(2).replaceAll('.', '\\.')}$ }`
    : `{ ${requestHost} -m str ${name} }`
}

/** Also on pages of HAProxy itself; it replaces that of the origin. */
function hstsLines(site: Site): string[] {
  if (site.hsts === null) return []
  return [`http-after-response set-header Strict-Transport-Security ${quoted(site.hsts)} if ${isHost(site)}`]
}

/** The key authorization is the token and the thumbprint (RFC 8555, section 8.1). */
function answerLines(site: Site): string[] {
  if (site.answersFor === null) return []
  const answer = `return status 200 content-type text/plain lf-string "%[path,field(4,/)].${site.answersFor}"`
  return [
    `http-request ${answer} if ${isHost(site)} { path_reg ^/\\.well-known/acme-challenge/[A-Za-z0-9_-]+$ }`,
  ]
}

function leadTo(scheme: Scheme, site: Site, setup: ServerSetup): string {
  const { mode, code } = site.redirect
  const other = scheme === 'https' ? 'http' : 'https'
  if (mode !== other) return `use_backend ${backendName(scheme, site)} if ${isHost(site)}`
  const port = other === 'https' ? portSuffix(setup.httpsPort, 443) : portSuffix(setup.httpPort, 80)
  return `http-request redirect prefix ${other}://%[${requestHost}]${port} code ${code} if ${isHost(site)}`
}

function backendName(scheme: Scheme, { stem }: Site): string {
  return `edgekeep_${scheme}_${stem}`
}

function backendsOf(site: Site, setup: ServerSetup): string[] {
  return (['https', 'http'] as const).flatMap((scheme) => {
    if (site.redirect.mode === (scheme === 'https' ? 'http' : 'https')) return []
    const lines = [
      `http-request set-header X-Forwarded-For %[src]`,
      `http-request set-header X-Forwarded-Host %[req.hdr(host)]`,
      `http-request set-header X-Forwarded-Proto ${scheme}`,
      ...(site.hostHeader === null ? [] : [`http-request set-header Host ${quoted(site.hostHeader)}`]),
      serverLine(site, site.origins[scheme], setup),
    ]
    return [`backend ${backendName(scheme, site)} from edgekeep`, ...lines.map((line) => `  ${line}`)]
  })
}

function serverLine(site: Site, { tls, host, port }: SiteOrigin, setup: ServerSetup): string {
  const address = quoted(`${hostInUrl(host)}:${port}`)
  if (!tls) return `server origin ${address}`
  const verification = site.verify
    ? `verify required verifyhost ${quoted(site.sni)} ca-file ${quoted(currentPath(setup, anchorsFile(site)))}`
    : 'verify none'
  return `server origin ${address} ssl ${verification} sni str(${bareHost(site.sni)})`
}

function crtList(sites: readonly Site[], setup: ServerSetup): string {
  return sites
    .filter(({ isPlain }) => !isPlain)
    .map((site) => `${currentPath(setup, certificateFile(site))} ${tlsOptions(site)} ${site.name}\n`)
    .join('')
}

function tlsOptions({ tls: { minimumVersion, ciphers, http2 } }: Site): string {
  const elder = cipherSuites[ciphers].filter((suite) => !suite.startsWith('TLS_'))
  const options = [
    `ssl-min-ver TLSv${minimumVersion}`,
    `alpn ${http2 ? 'h2,' : ''}http/1.1`,
    ...(elder.length > 0 ? [`ciphers ${elder.join(':')}`] : []),
  ]
  return `[${options.join(' ')}]`
}
