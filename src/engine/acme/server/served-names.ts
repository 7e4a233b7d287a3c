import type { Core } from '../../core/core.ts'
import { servingDomain } from '../../names/names.ts'
import type { ServedNames } from './acme-service.ts'

export function servedNamesOf(core: Core): ServedNames {
  return {
    servedAmong(names) {
      const wildcards = names.filter((name) => name.startsWith('*.')).map((name) => name.slice(2))
      const parents = wildcards.length > 0 ? core.vault.domains.parentsAmong(wildcards) : []
      const exact = names.filter((name) => !name.startsWith('*.') && servingDomain(core, name) !== undefined)
      return new Set([...exact, ...parents.map((parent) => `*.${parent}`)])
    },
    edgePorts() {
      const { https, http } = core.supervisor?.status() ?? {}
      return https && http ? { http: http.port, tls: https.port } : null
    },
  }
}
