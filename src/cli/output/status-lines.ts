import type { EdgeSettings, EdgeStart } from '../../contract/engine/edge-settings.ts'
import { portConflictMessage } from '../../domain/port-conflict.ts'
import { movedListenerAdvice, movedListeners } from '../../domain/moved-listener.ts'
import type { GlobalOptions } from '../frame/command.ts'
import { firstDomain } from './command-for-home.ts'
import type { EngineStatus } from '../../contract/engine/engine-status.ts'

type Listener = EngineStatus['edge']['https']

/** Addresses and warnings of the edge, a line each. */
export function statusLines(status: EngineStatus | undefined, global: GlobalOptions): string[] {
  if (!status) return []
  const { edge, edgeStart, protection } = status
  const weak = protection.weak ? [`  Keys   weak protection: ${protection.reason}`] : []
  const unfinished = protection.warnings.map((warning) => `  Vault  Warning: ${warning}`)
  const locked = protection.lockReason === null ? [] : [`  Vault  ${protection.lockReason}`]
  const down = status.edge.problem ? [`  Edge   ${status.edge.problem.message}`] : []
  return [
    ...listenerLine('HTTPS', edge.https, setForRun('httpsPort', edgeStart)),
    ...listenerLine('HTTP', edge.http, setForRun('httpPort', edgeStart)),
    ...movedListeners(edge).map((each) => `  WARNING ${movedListenerAdvice(each)}`),
    ...metricsLine(edgeStart),
    ...weak,
    ...unfinished,
    ...locked,
    ...down,
    ...status.portConflicts.map((each) => `  WARNING ${portConflictMessage(each)}`),
    ...(status.domains.total === 0 ? [`  Domain none yet. ${firstDomain(global)}`] : []),
  ]
}

/** The setting, if an option overrides it for this run. */
function setForRun(name: keyof EdgeSettings, { kept, started, given }: EdgeStart): string {
  const isOverridden = given.includes(name) && started?.[name] !== kept[name]
  return isOverridden ? `  (for this run; the setting is ${kept[name] ?? 'off'})` : ''
}

function metricsLine(start: EdgeStart): string[] {
  const port = start.started?.metricsPort
  return port ? [`  Metrics http://127.0.0.1:${port}/metrics${setForRun('metricsPort', start)}`] : []
}

function listenerLine(name: string, listener: Listener, told: string): string[] {
  if (!listener) return []
  return [`  ${name.padEnd(7)}127.0.0.1:${listener.port}${told}`]
}
