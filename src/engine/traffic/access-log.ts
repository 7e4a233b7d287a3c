import { basename, dirname, join } from 'node:path'
import type { Told } from '../../edge/protocol/told.ts'
import { openRotatedFile, type RotatedFile } from '../../platform/log/rotated-file.ts'
import type { Log } from '../core/log.ts'
import type { Vault } from '../vault/vault.ts'
import { accessLogOn } from '../core/settings.ts'
import { rowOf } from './views.ts'

interface AccessLogParts {
  vault: Pick<Vault, 'settings'>
  /** Where it is written. */
  file: string
  /** The file is put aside when it is longer; absent: as long as other logs get. */
  maxBytes?: number | undefined
  log: Log
}

export function accessLogFile(home: string): string {
  return join(home, 'logs', 'access.log')
}

/**
 * `logs/access.log` in the home: a JSON line for each request or refused handshake, masked as on every
 * screen, rotated by size. A disk that takes no more ends it until it is turned on anew; the edge serves on.
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

  write(told: Told[], notTold: number): void {
    if (this.#hasFailed) return
    const lines = told.map((one) => JSON.stringify(lineOf(one)))
    if (notTold > 0) lines.push(JSON.stringify({ at: new Date().toISOString(), notLogged: notTold }))
    if (lines.length === 0) return
    try {
      const { file, maxBytes } = this.#parts
      this.#file ??= openRotatedFile(dirname(file), basename(file, '.log'), maxBytes)
      this.#file.write(`${lines.join('\n')}\n`)
    } catch (error) {
      this.#hasFailed = true
      this.#parts.log.error({ err: error }, 'The access log cannot be written and is given up')
    }
  }

  close(): void {
    this.#file?.close()
    this.#file = null
    this.#hasFailed = false
  }
}

/** Numbers are of one run of the engine and mean nothing in a file. */
function lineOf(told: Told) {
  const { id: _, ...row } = rowOf(1, told, false)
  return row
}
