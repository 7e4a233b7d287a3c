import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { environmentForChildren } from '../../bin/private-process.mjs'
import { rootHasNoWindow } from './display.ts'
import type { Installation } from './installation.ts'
import { pinnedNode } from './pinned-node.ts'

/**
 * Prints that root gets no desktop window, then runs the command that serves the window to a browser, on the
 * pinned Node. Chromium's sandbox does not run as root, and the window never opens without it. Resolves with
 * the exit status.
 */
export function openInBrowserInstead(
  { nodeRoot }: Pick<Installation, 'nodeRoot'>,
  homeFolder: string | undefined,
  say: (line: string) => void,
): Promise<number> {
  say(rootHasNoWindow)
  const home = homeFolder === undefined ? [] : ['--home', homeFolder]
  const args = [join(nodeRoot, 'bin', 'edgekeep.mjs'), ...home, 'open', '--browser']
  const child = spawn(pinnedNode(nodeRoot), args, { stdio: 'inherit', env: environmentForChildren() })
  const endIt = () => void child.kill()
  process.once('exit', endIt)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (status) => {
      process.off('exit', endIt)
      resolve(status ?? 3)
    })
  })
}
