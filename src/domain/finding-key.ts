import type { Finding } from '../contract/findings/findings.ts'

/** Key of a finding in a live list. */
export function findingKey({
  domain,
  kind,
  path,
  example,
}: Omit<Finding, 'count' | 'firstSeen' | 'lastSeen'>) {
  return [domain, kind, path, example].join(' ')
}
