import type { EngineStatus } from '../../contract/engine-status.ts'

type Listener = EngineStatus['edge']['https']

/** Where the edge listens and what a person should know about it, a line each. */
export function statusLines(status: EngineStatus | undefined): string[] {
  if (!status) return []
  const { edge, protection } = status
  const weak = protection.weak ? [`  Keys   weak protection: ${protection.reason}`] : []
  const locked = protection.lockReason === null ? [] : [`  Vault  ${protection.lockReason}`]
  const down = status.edge.problem ? [`  Edge   ${status.edge.problem.message}`] : []
  return [
    ...listenerLine('HTTPS', edge.https),
    ...listenerLine('HTTP', edge.http),
    ...weak,
    ...locked,
    ...down,
  ]
}

function listenerLine(name: string, listener: Listener): string[] {
  if (!listener) return []
  const { port, wantedPort, takenBy } = listener
  const moved = port === wantedPort ? '' : `  (${wantedPort} is taken${takenBy ? ` by ${takenBy}` : ''})`
  return [`  ${name.padEnd(7)}127.0.0.1:${port}${moved}`]
}
