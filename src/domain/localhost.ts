/** Whether a name is `localhost` or below it, which means this computer (RFC 6761, section 6.3). */
export function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost')
}

/** Host to look up in place of `host`: many resolvers know `localhost`, and no name below it. */
export function resolvableHost(host: string): string {
  return isLocalhost(host.toLowerCase()) ? 'localhost' : host
}
