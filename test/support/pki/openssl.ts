import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Runs `openssl` and returns its whole output; a refused client reports that there and exits with 1. */
export async function openssl(args: string[], input = ''): Promise<string> {
  const child = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')))
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')))
  // A refused client exits before it is written to.
  child.stdin.on('error', () => undefined).end(input)
  const { promise, resolve } = Promise.withResolvers<void>()
  child.once('close', () => resolve())
  await promise
  return said
}

/** Handshakes with `openssl s_client` and sends one request, until the edge closes. */
export function shakeHands(port: number, name: string, ...more: string[]): Promise<string> {
  const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', name, '-ign_eof', ...more]
  return openssl(args, `GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`)
}

/** Writes certificates and keys to files, for tools that read nothing else. */
export function writeTo(folder: string, files: Record<string, string | Uint8Array>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => {
      const path = join(folder, name)
      writeFileSync(path, text, { mode: 0o600 })
      return [name, path]
    }),
  )
}
