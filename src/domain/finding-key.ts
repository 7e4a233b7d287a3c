import type { Finding } from '../contract/findings.ts'

/** What names a finding in a live list. */
export function findingKey({
  domain,
  kind,
  path,
  example,
}: Omit<Finding, 'count' | 'firstSeen' | 'lastSeen'>) {
  return [domain, kind, path, example].join(' ')
}
