import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Reason to skip tests with PHP; null if they run. */
export const phpMissing =
  spawnSync('php', ['-r', 'exit(PHP_SAPI === "cli" ? 0 : 1);']).status === 0
    ? null
    : 'it needs the command line of PHP (Debian: apt install php-cli)'

const readyPattern = /Development Server \(http:\/\/127\.0\.0\.1:(\d+)\) started/

/** Starts PHP's own web server, which answers every request with its `$_SERVER` as JSON. */
export async function startPhpOrigin(): Promise<{ port: number; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'php-origin-'))
  const router = join(folder, 'router.php')
  writeFileSync(router, '<?php header("Content-Type: application/json"); echo json_encode($_SERVER);')
  const php = spawn('php', ['-n', '-S', '127.0.0.1:0', '-t', folder, router], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(php, 'exit')
  const port = await portOf(createInterface({ input: php.stderr }))
  return {
    port,
    async close() {
      php.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function portOf(lines: AsyncIterable<string>): Promise<number> {
  let output = ''
  for await (const line of lines) {
    const port = readyPattern.exec(line)?.[1]
    if (port !== undefined) return Number(port)
    output += `${line}\n`
  }
  throw new Error(`PHP's web server did not start: ${output}`)
}
