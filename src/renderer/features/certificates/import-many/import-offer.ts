import type { ImportResult } from '../../../../contract/certificates/records.ts'
import type { Domain } from '../../../../contract/domains/domains.ts'

export interface ImportOffer {
  /** Imported certificates that cover a domain. */
  covering: number
  /** One of those domains has no HTTPS yet. */
  isUsable: boolean
  /** Imported certificates that cover no domain. */
  unserved: number
  /** Host names of those, without wildcards. */
  names: string[]
}

/** Next acts after an import; lists of thousands are compared by name, and wildcards by parent. */
export function importOffer(results: readonly ImportResult[], domains: readonly Domain[]): ImportOffer {
  const isOff = new Map<string, boolean>()
  for (const { name, https } of domains) {
    const off = https.state === 'off'
    isOff.set(name, off)
    const wildcard = name.replace(/^[^.]+/, '*')
    if (wildcard !== name) isOff.set(wildcard, off || (isOff.get(wildcard) ?? false))
  }
  const imported = results.filter(({ outcome }) => outcome === 'imported')
  const isCovering = ({ names }: ImportResult) => names.some((name) => isOff.has(name))
  const unserved = imported.filter((result) => !isCovering(result))
  const names = new Set(unserved.flatMap((result) => result.names))
  return {
    covering: imported.length - unserved.length,
    isUsable: imported.some((result) => result.names.some((name) => isOff.get(name))),
    unserved: unserved.length,
    names: [...names].filter((name) => !name.startsWith('*')),
  }
}
