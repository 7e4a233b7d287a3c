import type { Flags, OptionsOf } from '../frame/declare.ts'
import type { Origin } from '../../contract/domains/origins.ts'
import { parseOrigin } from '../../domain/origin-url.ts'
import { readFile } from '../input/files.ts'
import { usageError } from '../frame/command.ts'

export const originForms =
  'http://host:port, https://host:port, h2c://host:port, file:///folder, a port of this computer (3000), or a host alone to use each request’s protocol'

export const originDetailFlags = {
  '--host-header <host>': 'Host header sent to the origin ("-" forwards the client’s)',
  '--sni <name>': 'name in the TLS handshake with the origin ("-" uses the Host header)',
  '--verify': "verify the origin's certificate (the default)",
  '--no-verify': 'accept any certificate from the origin',
  '--origin-anchors <file>':
    'trust anchors for the origin’s certificate instead of the usual roots ("-" restores those)',
  '--origin-http2': 'use HTTP/2 over TLS if the origin supports it',
  '--no-origin-http2': 'always use HTTP/1.1 (the default)',
  '--dot-files': 'for a folder: also serve files whose names begin with a dot',
  '--no-dot-files': 'do not serve them (the default)',
} as const satisfies Flags
export type OriginDetails = OptionsOf<typeof originDetailFlags>

export const originFlags = {
  '--origin <url>': originForms,
  '--origin-protocol <protocol>': {
    about: 'protocol to the origin',
    choices: ['follow', 'http', 'https', 'h2c'],
  },
  ...originDetailFlags,
} as const satisfies Flags
export type OriginOptions = OptionsOf<typeof originFlags>

/**
 * Builds an origin from its address and the options.
 * @throws `origin.invalid`, `usage.wrong`
 */
export function givenOrigin(address: string, options: OriginOptions): Origin {
  return detailed(parseOrigin(address), options)
}

/** Applies the options to `now`; omitted ones leave it unchanged. */
export function changedOrigin(now: Origin, options: OriginOptions): Origin {
  if (!options.origin) return detailed(now, options)
  const given = parseOrigin(options.origin)
  if (given.protocol === 'folder' || now.protocol === 'folder') return detailed(given, options)
  const { protocol, host, httpPort, httpsPort } = given
  return detailed({ ...now, protocol, host, httpPort, httpsPort }, options)
}

function detailed(origin: Origin, options: OriginOptions): Origin {
  const { originProtocol, hostHeader, sni, verify, originHttp2, originAnchors, dotFiles } = options
  if (origin.protocol === 'folder') {
    const others = [originProtocol, hostHeader, sni, verify, originHttp2, originAnchors]
    if (others.some((given) => given !== undefined)) {
      throw usageError('A folder has no protocol, host or certificate to set.')
    }
    return { ...origin, dotFiles: dotFiles ?? origin.dotFiles }
  }
  if (dotFiles !== undefined) {
    throw usageError('--dot-files is for a folder (file:///…).')
  }
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

/** `-` resets the value. */
function unless(value: string | undefined, now: string | null): string | null {
  return value === undefined ? now : value === '-' ? null : value
}
