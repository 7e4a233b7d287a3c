import type { Origin } from '../../../contract/domains/origins.ts'
import { isUnder, localSuffixes } from '../../../domain/authority-scope.ts'
import { parseOrigin } from '../../../domain/origin-url.ts'
import { normaliseDomain } from '../../../pki/x509/host-names.ts'
import type { Container } from '../../../containers/reader/containers.ts'

export const nameLabel = 'edgekeep.name'
const portLabel = 'edgekeep.port'

export type LabelOrigin =
  | { name: string; origin: Origin; problem?: undefined }
  | { problem: string; name?: undefined; origin?: undefined }

/**
 * Domain and origin that a container's labels ask for. Labels may be a stranger's: only local names, and only a port
 * of the container's own address.
 */
export function labelOrigin({ labels, address }: Container): LabelOrigin {
  const written = labels.get(nameLabel) ?? ''
  const name = hostNameIn(written.includes('.') ? written : `${written}.localhost`)
  if (name === null || name.startsWith('*.')) return { problem: `the label ${nameLabel} is no domain` }
  if (!localSuffixes.some((suffix) => isUnder(name, suffix)))
    return {
      problem: `a label gives names below ${localSuffixes.join(', ')} only; use "edgekeep domain add"`,
    }
  const port = Number(labels.get(portLabel))
  if (!/^\d{1,5}$/.test(labels.get(portLabel) ?? '') || port < 1 || port > 65_535)
    return { problem: `the label ${portLabel} is no port` }
  if (address === null) return { problem: 'it has no network of its own' }
  return { name, origin: parseOrigin(`http://${address}:${port}`) }
}

function hostNameIn(text: string): string | null {
  try {
    return normaliseDomain(text)
  } catch {
    return null
  }
}
