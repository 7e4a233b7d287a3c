/** Whether devices ask the network itself for a name (RFC 6762, section 3), instead of a DNS server. */
export function isMdnsName(domain: string): boolean {
  return domain.endsWith('.local') && !domain.startsWith('*.')
}
