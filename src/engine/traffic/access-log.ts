import { basename, dirname, join } from 'node:path'
import type { TrafficReport } from '../../edge/protocol/traffic-report.ts'
import { openRotatedFile, type RotatedFile } from '../../platform/log/rotated-file.ts'
import type { Log } from '../core/log.ts'
import type { Vault } from '../vault/vault.ts'
import { accessLogOn } from '../core/settings.ts'
import { rowOf } from './views.ts'

interface AccessLogParts {
  vault: Pick<Vault, 'settings'>
  file: string
  /** Size at which the file is rotated; absent: as for other logs. */
  maxBytes?: number
  log: Log
}

export function accessLogFile(home: string): string {
  return join(home, 'logs', 'access.log')
}

/**
 * Access log `logs/access.log` in the home: a JSON line per request or refused handshake, masked as in the
 * window, rotated by size. A full disk ends it until it is turned on again; the edge continues.
 */
export class AccessLog {
  readonly #parts: AccessLogParts
  #file: RotatedFile | null = null
  #hasFailed = false

  constructor(parts: AccessLogParts) {
    this.#parts = parts
  }

  isOn(): boolean {
    return accessLogOn.read(this.#parts.vault)
  }

  write(reports: TrafficReport[], omitted: number): void {
    if (this.#hasFailed) return
    const lines = reports.map((one) => JSON.stringify(lineOf(one)))
    if (omitted > 0) lines.push(JSON.stringify({ at: new Date().toISOString(), notLogged: omitted }))
    if (lines.length === 0) return
    try {
      const { file, maxBytes } = this.#parts
      this.#file ??= openRotatedFile(dirname(file), basename(file, '.log'), maxBytes)
      this.#file.write(`${lines.join('\n')}\n`)
    } catch (error) {
      this.#hasFailed = true
      this.#parts.log.error({ err: error }, 'Access log not writable, stopped')
    }
  }

  close(): void {
    this.#file?.close()
    this.#file = null
    this.#hasFailed = false
  }
}

/** Omits the ids, which are only valid in one run of the engine. */
function lineOf(told: TrafficReport) {
  const { id: _, ...row } = rowOf(1, told, false)
  return row
}
