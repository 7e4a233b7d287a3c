import type { CertificateSummary, Domain } from '../../../src/contract/domains/domains.ts'
import { edgeSettingsDefaults } from '../../../src/contract/engine/edge-settings.ts'
import type { EngineStatus } from '../../../src/contract/engine/engine-status.ts'
import type { EngineView } from '../../../src/main/engine-view.ts'

/** The app's view of an engine, as far as these tests read it. */
export function engineView(o: {
  running?: boolean
  locked?: boolean
  pid?: number
  down?: number
  problem?: EngineStatus['edge']['problem']
  domains?: Domain[]
  certificates?: CertificateSummary[]
}): EngineView {
  const listener = {
    port: 8443,
    wantedPort: 8443,
    addresses: ['127.0.0.1'],
    isTaken: false,
    isForbidden: false,
    takenBy: null,
  }
  const status: EngineStatus = {
    productVersion: '1.0.0',
    pid: o.pid ?? 1,
    startedAt: '2026-11-25T12:00:00.000Z',
    edge: {
      state: 'running',
      https: listener,
      http: listener,
      published: [],
      workerPids: [2],
      restarts: 0,
      faults: 0,
      problem: o.problem ?? null,
    },
    portConflicts: [],
    edgeStart: { kept: edgeSettingsDefaults, started: edgeSettingsDefaults, given: [] },
    configuration: { version: 1, inEffect: 1 },
    protection: {
      protector: 'passphrase',
      weak: false,
      reason: '',
      locked: o.locked ?? false,
      lockReason: null,
      warnings: [],
    },
    locking: { autoLockMinutes: null, stopServing: false },
    agents: { domains: false, certificates: false },
    desktop: { onClose: null, startAtLogin: false },
    recoveryKey: null,
    domains: { total: 0, onHttps: 0, down: o.down ?? 0 },
    certificates: 0,
  }
  return {
    status: o.running === false ? null : status,
    isWhole: true,
    domains: o.domains ?? [],
    certificates: o.certificates ?? [],
  }
}

export function httpsDomain(
  name: string,
  state: Domain['https']['state'],
  outage: Domain['https']['outage'] = null,
  certificate: CertificateSummary | null = null,
): Domain {
  return {
    name,
    displayName: name,
    originStates: [],
    https: { state, outage, certificate },
  } as Pick<Domain, 'name'> as Domain
}
