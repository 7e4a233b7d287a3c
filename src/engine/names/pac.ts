/** Where names lead, as a proxy of this computer serves them. */
export interface PacFacts {
  /** Exact names in A-labels, and wildcards `*.`. */
  domains: string[]
  /** The CONNECT endpoint. */
  proxyPort: number
  /** The edge's own port for HTTP, which takes requests as a proxy gets them (RFC 9112, section 3.2.2). */
  httpPort: number
}

/** The file's media type; with `nosniff` no page can run it as a script and so learn which names are served. */
export const pacType = 'application/x-ns-proxy-autoconfig'

/**
 * A proxy auto-config file: the names that are served go to the loopback, everything else as without it. It is
 * in the JavaScript of 1999, which is what all its readers have.
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
