import type { EngineStatus } from '../../contract/engine/engine-status.ts'
import type { EdgeSettings } from '../../contract/engine/edge-settings.ts'
import { usageError } from '../frame/command.ts'

/** Options of `up` and `open` for the engine that they start, unparsed. */
export interface StartOptions {
  httpsPort?: string
  httpPort?: string
  workers?: string
  metrics?: string
}

export interface StartSettings {
  httpsPort: number | undefined
  httpPort: number | undefined
  workers: EdgeSettings['workers'] | undefined
  metricsPort: number | undefined
}

/** @throws `usage.wrong` for an invalid number, whether an engine runs or not */
export function wantedFrom({ httpsPort, httpPort, workers, metrics }: StartOptions): StartSettings {
  return {
    httpsPort: portOf('--https-port', httpsPort),
    httpPort: portOf('--http-port', httpPort),
    workers: workersOf(workers),
    metricsPort: portOf('--metrics', metrics),
  }
}

/**
 * Refuses settings that a running engine ignores: its ports and workers are fixed at its start.
 * @throws `usage.wrong` with the settings in effect, if others were given
 */
export function refuseWithoutEffect(
  { httpsPort, httpPort, workers, metricsPort }: StartSettings,
  { edge, edgeStart }: EngineStatus,
): void {
  const running = [
    ['--https-port', httpsPort, edge.https?.port],
    ['--http-port', httpPort, edge.http?.port],
    ['--workers', workers, edgeStart.started?.workers],
    ['--metrics', metricsPort, edgeStart.started?.metricsPort ?? undefined],
  ] as const
  const without = running.filter(([, asked, has]) => asked !== undefined && asked !== has)
  if (without.length === 0) return
  const options = without.map(([option, asked]) => `${option} ${asked}`).join(' and ')
  const listens = `HTTPS on ${edge.https?.port ?? 'no port'}, HTTP on ${edge.http?.port ?? 'no port'}`
  const workersNow = `${edge.workerPids.length} ${edge.workerPids.length === 1 ? 'worker' : 'workers'}`
  throw usageError(
    `Edgekeep is running already, with ${listens} and ${workersNow}; ${options} cannot take effect. End the one that runs first, or leave the option out. "edgekeep settings" keeps what the next start is to have.`,
  )
}

export function portOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  if (port >= 1 && port <= 65535) return port
  throw usageError(`${option} ${text} is not a port; give a number from 1 to 65535.`)
}

export function workersOf(text: string | undefined): EdgeSettings['workers'] | undefined {
  if (text === undefined || text === 'auto') return text
  const workers = /^\d{1,2}$/.test(text) ? Number(text) : NaN
  if (workers >= 1 && workers <= mostWorkers) return workers
  throw usageError(
    `--workers ${text} is not a number of workers; give one from 1 to ${mostWorkers}, or "auto".`,
  )
}

const mostWorkers = 64
