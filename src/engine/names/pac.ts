export interface PacFacts {
  /** Exact names in A-labels, and wildcards `*.`. */
  domains: string[]
  proxyPort: number
  /** HTTP port of the edge, which accepts requests in proxy form (RFC 9112, section 3.2.2). */
  httpPort: number
}

/** Media type; with `nosniff` no page can run the file as a script to learn the served names. */
export const pacType = 'application/x-ns-proxy-autoconfig'

/**
 * Proxy auto-config file: served names go to the loopback, all others go direct. Written in ES3, the common
 * subset of its readers.
 */
export function pacFile({ domains, proxyPort, httpPort }: PacFacts): string {
  const exact = domains.filter((name) => !name.startsWith('*.'))
  const wild = domains.filter((name) => name.startsWith('*.')).map((name) => name.slice(2))
  const list = (names: string[]) => JSON.stringify(Object.fromEntries(names.map((name) => [name, 1])))
  return `function FindProxyForURL(url, host) {
  var exact = ${list(exact)};
  var wild = ${list(wild)};
  var has = Object.prototype.hasOwnProperty;
  host = String(host).toLowerCase();
  var dot = host.indexOf('.');
  var served = has.call(exact, host) || (dot > 0 && has.call(wild, host.substring(dot + 1)));
  if (!served) return 'DIRECT';
  var plain = url.substring(0, 5) == 'http:';
  return plain ? 'PROXY 127.0.0.1:${httpPort}' : 'PROXY 127.0.0.1:${proxyPort}';
}
`
}
