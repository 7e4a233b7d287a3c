import type { EngineParts } from '../../parts.ts'
import { servingDomain } from '../../names/names.ts'
import type { ServedNames } from './keeper.ts'

export function servedNamesOf(parts: () => EngineParts): ServedNames {
  return {
    servedAmong(names) {
      const wildcards = names.filter((name) => name.startsWith('*.')).map((name) => name.slice(2))
      const parents = wildcards.length > 0 ? parts().vault.domains.parentsAmong(wildcards) : []
      const exact = names.filter(
        (name) => !name.startsWith('*.') && servingDomain(parts(), name) !== undefined,
      )
      return new Set([...exact, ...parents.map((parent) => `*.${parent}`)])
    },
    edgePorts() {
      const { https, http } = parts().supervisor?.status() ?? {}
      return https && http ? { http: http.port, tls: https.port } : null
    },
  }
}
