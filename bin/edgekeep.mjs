#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeOf, wantedNode } from './pinned-node.mjs'
import { environmentForChildren, privateProcess, setAside } from './private-process.mjs'

/*
 * Runs the command line on the Node that Edgekeep ships with, in a process that may open the vault,
 * independent of the current Node and its options. No installed package may be needed here: on a fresh
 * checkout this installs them.
 */

// A listener replaces Node's, which would open the inspector.
process.on('SIGUSR1', () => undefined)

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))))
const commandLine = join(root, 'out', 'node', 'cli.js')

/**
 * Signals of a crash. V8 prints the cause of its own, such as too little memory, before it raises one.
 *
 * @type {NodeJS.Signals[]}
 */
const crashSignals = ['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV', 'SIGTRAP']

if (existsSync(join(root, 'src'))) await setUpOrEnd()
runOnPinnedNode()

/** Sets up a checkout; an installation needs no setup. */
async function setUpOrEnd() {
  const { isFresh } = await import('../scripts/freshness.mjs')
  if (isFresh(root)) return
  const { setUp, SetupError } = await import('../scripts/setup.mjs')
  try {
    setUp(root)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    end(error.message)
  }
}

/**
 * Exits like the command. Ctrl-C reaches the whole terminal, so the command gets it directly. The channel
 * carries no data: it closes when this process is killed, and the command ends (`src/cli/main.ts`).
 */
function runOnPinnedNode() {
  const node = nodeOf(root) ?? end(whyNoNode())
  const [program, args] = privateProcess(node, [commandLine, ...process.argv.slice(2)])
  // Registered before the start: on a busy machine the child may be up before this process runs again.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  const child = spawn(program, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...environmentForChildren(), ...(process.argv.includes('run') ? setAside() : {}) },
  })
  child.once('error', (error) => end(`its Node could not be started: ${error.message}`))
  child.once('exit', (status, signal) => {
    if (!signal) process.exit(status)
    if (crashSignals.includes(signal))
      process.stderr.write(
        `edgekeep: The command crashed (${signal}). If no line above names the cause, please report it.\n`,
      )
    if (signal === 'SIGKILL')
      process.stderr.write('edgekeep: The system or another process ended the command (SIGKILL).\n')
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function whyNoNode() {
  const { version, isInNpm } = wantedNode(root)
  const [major] = version.split('.')
  return isInNpm
    ? 'the Node that comes with it is missing. Install Edgekeep again, with its optional packages.'
    : `npm has no Node ${version} for ${process.platform} on ${process.arch}. Run edgekeep on Node ${major}, ${version} or later (https://nodejs.org).`
}

/**
 * @param {string} why
 * @returns {never}
 */
function end(why) {
  process.stderr.write(`edgekeep: ${why}\n`)
  process.exit(3)
}
