import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Core } from '../core/core.ts'
import type { PacFile } from './needs.ts'
import { proxyPort } from '../core/settings.ts'
import { pacText } from './proxy.ts'
import { replaceFile } from '../../platform/files/replace-file.ts'

/*
 * Threat: another user listens on the PAC file's port while Edgekeep does not run, and serves browsers a
 * script. A file in the home folder, writable only by this user, cannot be replaced that way.
 */

const followMs = 1_000

export function createPacFile(parts: Core): PacFile {
  const path = join(parts.folder, 'proxy.pac')
  let timer: NodeJS.Timeout | undefined

  function write(): void {
    clearTimeout(timer)
    timer = undefined
    const port = proxyPort.read(parts.vault)
    if (port === null) return rmSync(path, { force: true })
    const text = pacText(parts, port)
    if (text !== contentOf(path)) replaceFile(path, Buffer.from(text), 0o600)
  }

  parts.topics.rowsChanged.follow(({ domains }) => {
    if (domains.length === 0 || timer || proxyPort.read(parts.vault) === null) return
    timer = setTimeout(() => {
      try {
        write()
      } catch (error) {
        parts.log.error({ err: error }, 'PAC file not written')
      }
    }, followMs).unref()
  })

  return {
    url: () => (proxyPort.read(parts.vault) === null ? null : pathToFileURL(path).href),
    write,
    close: () => clearTimeout(timer),
  }
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
