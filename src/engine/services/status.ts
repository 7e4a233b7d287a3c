import type { EngineStatus } from '../../contract/engine-status.ts'
import { PRODUCT_VERSION } from '../../contract/product-version.ts'
import type { EngineParts } from './parts.ts'

export function engineStatus({ vault, supervisor, startedAt }: EngineParts): EngineStatus {
  const { inEffect, ...edge } = supervisor?.status() ?? { ...noEdge, inEffect: null }
  const domains = vault.domains.list()
  return {
    productVersion: PRODUCT_VERSION,
    pid: process.pid,
    startedAt: startedAt.toISOString(),
    edge,
    configuration: { version: vault.configurationVersion(), inEffect },
    protection: { ...vault.protection },
    locking: { autoLockMinutes: null, stopServing: false },
    domains: {
      total: domains.length,
      onHttps: domains.filter((domain) => domain.httpsState === 'on').length,
    },
    certificates: vault.certificates.list().length,
  }
}

const noEdge: EngineStatus['edge'] = {
  state: 'stopped',
  https: null,
  http: null,
  workerPid: null,
  restarts: 0,
  problem: null,
}
