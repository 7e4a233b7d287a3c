#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isFresh, pinnedNode } from '../scripts/freshness.mjs'
import { isNodeChecked } from '../scripts/node-digest.mjs'
import { environmentForChildren, privateProcess } from './private-process.mjs'

/*
 * Runs the command line on the Node that Edgekeep ships with, in a process that may open the vault, whatever
 * Node runs this and with whatever options. Nothing of what is installed may be needed here: on a fresh
 * checkout this is what gets it.
 */

// A listener of ours takes the place of Node's, which would open the inspector.
process.on('SIGUSR1', () => undefined)

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))))
const commandLine = join(root, 'out', 'node', 'cli.js')

if (!isFresh(root) || !isNodeChecked(root)) await setUpOrEnd()
runOnPinnedNode()

async function setUpOrEnd() {
  const { setUp, SetupError } = await import('../scripts/setup.mjs')
  try {
    setUp(root)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`edgekeep: ${error.message}\n`)
    process.exit(3)
  }
}

/** Ends as the command does. Ctrl-C reaches the whole terminal, so the command gets it without us. */
function runOnPinnedNode() {
  const [program, args] = privateProcess(pinnedNode(root), [commandLine, ...process.argv.slice(2)])
  const child = spawn(program, args, { stdio: 'inherit', env: environmentForChildren() })
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  child.once('error', (error) => {
    process.stderr.write(`edgekeep: its Node could not be started: ${error.message}\n`)
    process.exit(3)
  })
  child.once('exit', (status, signal) => {
    if (!signal) process.exit(status)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
