#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isFresh, pinnedNode } from '../scripts/freshness.mjs'

/*
 * Runs the command line on the Node that Edgekeep ships with, whatever Node runs this. Nothing of what is
 * installed may be needed here: on a fresh checkout this is what gets it.
 */

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))))
const commandLine = join(root, 'out', 'node', 'cli.js')

if (!isFresh(root)) await setUpOrEnd()
if (process.versions.node === pinnedVersion()) await import(pathToFileURL(commandLine).href)
else runOnPinnedNode()

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

function pinnedVersion() {
  return JSON.parse(readFileSync(join(root, 'node_modules', 'node', 'package.json'), 'utf8')).version
}

/** Ends as the command does. Ctrl-C reaches the whole terminal, so the command gets it without us. */
function runOnPinnedNode() {
  const child = spawn(pinnedNode(root), [commandLine, ...process.argv.slice(2)], { stdio: 'inherit' })
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
