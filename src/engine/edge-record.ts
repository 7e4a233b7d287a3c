import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { portSchema } from '../contract/shared/port.ts'
import type { EdgeStatus } from '../edge/supervisor/edge-status.ts'
import type { Predecessor } from '../edge/supervisor/supervisor-options.ts'
import type { Log } from './core/log.ts'
import { replaceFile } from '../platform/files/replace-file.ts'

const listenerSchema = z.object({ port: portSchema, wantedPort: portSchema })
const recordSchema = z.object({
  https: listenerSchema,
  http: listenerSchema,
  workers: z.array(z.number().int().positive()).max(100),
})

/**
 * Ports and worker processes of the running edge, in a file that an orderly end removes. After a crash it
 * says which ports were in force, and which processes may still have them.
 */
export function openEdgeRecord(folder: string, log: Log) {
  const path = join(folder, 'edge.json')
  let written = ''
  const write = ({ state, https, http, workerPids: workers }: EdgeStatus): void => {
    if (state === 'stopped') return rmSync(path, { force: true })
    if (!https || !http) return
    const text = JSON.stringify(recordSchema.parse({ https, http, workers }))
    if (text !== written) replaceFile(path, Buffer.from((written = text)), 0o600)
  }
  return {
    /** Edge of an engine that crashed; null after an orderly end. */
    predecessor: readRecord(path),
    note(status: EdgeStatus): void {
      try {
        write(status)
      } catch (error) {
        // The edge serves on; only a restart after a crash would lack the record.
        log.warn({ err: error }, 'Edge record not written')
      }
    },
  }
}

function readRecord(path: string): Predecessor | null {
  try {
    // A named pipe would hold the start of the engine.
    return statSync(path).isFile() ? recordSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : null
  } catch {
    // A missing or damaged record only loses the ports of the last run.
    return null
  }
}
