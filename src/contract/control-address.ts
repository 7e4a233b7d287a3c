import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** `sockaddr_un.sun_path` holds 104 bytes on macOS and BSD, 108 on Linux, with the closing zero. */
export const longestSocketPath = 103

/** The path a window's connection asks for; a command's asks for `/`. Only the audit trail makes a difference. */
export const windowPath = '/window'

/**
 * Where the engine of the home `folder` (an absolute, resolved path) listens and its clients connect:
 * `control.sock` in the folder, a named pipe on Windows. Null where the path is too long for a socket.
 */
export function controlAddress(folder: string, platform: NodeJS.Platform = process.platform): string | null {
  if (platform === 'win32') {
    const digest = createHash('sha256').update(folder.toLowerCase()).digest('hex')
    return `\\\\.\\pipe\\edgekeep-${digest.slice(0, 32)}`
  }
  const path = join(folder, 'control.sock')
  return Buffer.byteLength(path) <= longestSocketPath ? path : null
}
