import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** `sockaddr_un.sun_path` has 104 bytes on macOS and BSD, 108 on Linux, with the terminating zero. */
export const longestSocketPath = 103

/**
 * Request path of a window's connection; that of a command is `/`. Only the audit trail distinguishes them.
 */
export const windowPath = '/window'

/** Request path of an agent's connection (`edgekeep mcp`), which may make few calls. */
export const agentPath = '/agent'

/**
 * Control socket of the engine of the home `folder` (an absolute, resolved path): `control.sock` in the
 * folder, a named pipe on Windows. Null if the path is too long for a socket.
 */
export function controlAddress(folder: string, platform: NodeJS.Platform = process.platform): string | null {
  if (platform === 'win32') {
    const digest = createHash('sha256').update(folder.toLowerCase()).digest('hex')
    return `\\\\.\\pipe\\edgekeep-${digest.slice(0, 32)}`
  }
  const path = join(folder, 'control.sock')
  return Buffer.byteLength(path) <= longestSocketPath ? path : null
}
