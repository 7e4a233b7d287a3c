import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Redirect } from '../../../contract/domains/domains.ts'
import type { CipherProfile, TlsVersion } from '../../../contract/domains/tls-policy.ts'
import { effectiveMinimumVersion } from '../../../domain/effective-version.ts'
import { hstsValue } from '../../../domain/hsts-value.ts'
import { hostInUrl } from '../../../domain/ip-address.ts'
import type { DomainRow } from '../../vault/vault.ts'

/** Origin for requests over one protocol. */
export interface SiteOrigin {
  tls: boolean
  host: string
  port: number
  /** `http://127.0.0.1:3000` */
  url: string
}

/** A domain as a server is to serve it. */
export interface Site {
  /** `shop.test` or `*.shop.test`. */
  name: string
  /** Name of its files. */
  stem: string
  origins: { https: SiteOrigin; http: SiteOrigin }
  /** Host header for the origin; null passes on the client's. */
  hostHeader: string | null
  /** Server name for an origin over TLS. */
  sni: string
  verify: boolean
  /** PEM; null: public roots. */
  anchorsPem: string | null
  redirect: Redirect
  /** Value of the field; null: no field. */
  hsts: string | null
  tls: { minimumVersion: TlsVersion; ciphers: CipherProfile; http2: boolean }
  /** Served over HTTP alone, before it has its first certificate. */
  isPlain: boolean
  /** Thumbprint (RFC 7638) of the ACME account whose HTTP-01 challenges are answered; null: none are. */
  answersFor: string | null
}

/**
 * Translates a domain for other servers.
 * @throws `publish.untranslatable` for one that they would serve otherwise, such as without its passwords
 */
export function siteOf(row: DomainRow): Site {
  const { name, origin, redirect, policies } = row
  const reasons = untranslatable(row)
  if (origin.protocol === 'folder' || reasons.length > 0)
    throw new EdgekeepError('publish.untranslatable', { domain: name, reasons })
  const { protocol, host, httpPort, httpsPort, hostHeader, sni, verify, anchorsPem } = origin
  const over = (tls: boolean): SiteOrigin => {
    const port = tls ? httpsPort : httpPort
    return { tls, host, port, url: `http${tls ? 's' : ''}://${hostInUrl(host)}:${port}` }
  }
  return {
    name,
    stem: name.replace('*', '_'),
    origins: { https: over(protocol !== 'http'), http: over(protocol === 'https') },
    hostHeader,
    sni: sni ?? hostHeader?.replace(/:\d+$/, '') ?? (name.startsWith('*.') ? host : name),
    verify,
    anchorsPem,
    redirect,
    hsts: hstsValue(policies.hsts),
    tls: {
      minimumVersion: effectiveMinimumVersion(policies.tls),
      ciphers: policies.tls.ciphers,
      http2: policies.tls.http2,
    },
    isPlain: false,
    answersFor: null,
  }
}

function untranslatable({ origin, policies }: DomainRow): string[] {
  const { access, body, headers, origins, redirect, tls } = policies
  const reasons: [boolean, string][] = [
    [origin.protocol === 'folder', 'its origin is a folder of this computer'],
    [origin.protocol === 'h2c', 'its origin speaks HTTP/2 without TLS'],
    [access.users !== null, 'it has passwords'],
    [access.allow !== null, 'only some addresses may reach it'],
    [tls.clientCertificates !== 'off', 'it asks for client certificates'],
    [body.maxBytes !== null, 'the size of its requests is limited'],
    [headers.rules.length > 0, 'it has header rules'],
    [origins.routes.length > 0, 'some of its paths have other origins'],
    [origins.backups.length > 0, 'it has backup origins'],
    [redirect.except.length > 0, 'some of its paths are not redirected'],
  ]
  return reasons.flatMap(([applies, reason]) => (applies ? [reason] : []))
}
