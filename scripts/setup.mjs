import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findPinnedNode, nodeProgram, wantedNode } from '../bin/pinned-node.mjs'
import { isBuilt, isBuiltFromSources, isFresh, stampFile, stampOfSources } from './freshness.mjs'
import { whyNotInstalled } from './packages.mjs'
import { holdingLock } from './setup-lock.mjs'

/*
 * Sets up a checkout: packages as in package-lock.json, then a build of the sources. Skips finished steps,
 * and reports the others with their reason on stderr: stdout is for the command's result.
 */

export class SetupError extends Error {}

/** @param {string} root */
export function setUp(root) {
  if (isFresh(root) && !whyNotInstalled(root)) return
  inCheckout(root, () => {
    install(root)
    build(root)
  })
}

/**
 * @param {string} root
 * @param {() => void} act
 */
function inCheckout(root, act) {
  try {
    holdingLock(root, say, act)
  } catch (error) {
    if (error.code !== 'EACCES' && error.code !== 'EPERM' && error.code !== 'EROFS') throw error
    throw new SetupError(
      'this checkout has to be set up, and this user may not write into it. Run the command once as the user who owns it.',
    )
  }
}

/**
 * Sets up the packages alone, for tests and benches, which build by themselves.
 * @param {string} root
 */
function setUpPackages(root) {
  if (!whyNotInstalled(root) && findPinnedNode(root)) return
  inCheckout(root, () => install(root))
}

/** @param {string} root */
function install(root) {
  const { isInNpm } = wantedNode(root)
  const why = whyNotInstalled(root) ?? (isInNpm && !findPinnedNode(root) ? 'its Node is missing' : null)
  if (why) runCi(root, why)
  if (findPinnedNode(root)) return
  if (!isInNpm) return adoptNode(root)
  throw new SetupError(
    'the packages are installed but the Node that comes with them is not: npm left its optional packages out. ' +
      'Run "npm ci --include=optional".',
  )
}

/**
 * @param {string} root
 * @param {string} why
 */
function runCi(root, why) {
  say(`installing packages (${why}) …`)
  if (runNpm(root, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'inherit') !== 0) {
    throw new SetupError(
      'the packages could not be installed: "npm ci" failed, and the lines above say why. ' +
        'Most often the network is away: run the same command again when it is back.',
    )
  }
}

/**
 * On a system without a Node in npm, uses the current Node if its version matches exactly; npm's commands
 * find it as usual.
 * @param {string} root
 */
function adoptNode(root) {
  const { version } = wantedNode(root)
  if (process.versions.node !== version) {
    throw new SetupError(
      `npm has no Node ${version} for ${process.platform} on ${process.arch}, and the Node that runs this is ${process.versions.node}. ` +
        `Install Node ${version} (https://nodejs.org) and run the same command with it.`,
    )
  }
  say(`taking Node ${version} from ${process.execPath} …`)
  const program = join(root, 'node_modules', nodeProgram)
  mkdirSync(dirname(program), { recursive: true })
  copyFileSync(process.execPath, program)
  if (process.platform === 'win32') return
  const link = join(root, 'node_modules', '.bin', 'node')
  rmSync(link, { force: true })
  symlinkSync(join('..', nodeProgram), link)
}

/** @param {string} root */
function build(root) {
  if (isBuilt(root) && isBuiltFromSources(root)) return
  const stamp = stampOfSources(root)
  say(`building (${isBuilt(root) ? 'the sources are newer than the build' : 'there is no build yet'}) …`)
  rmSync(join(root, stampFile), { force: true })
  if (runNpm(root, ['run', '--silent', 'build'], 'quiet') !== 0) {
    throw new SetupError('the build failed; the lines above say where.')
  }
  writeFileSync(join(root, stampFile), stamp)
}

/**
 * Runs npm, that of a running `npm` command if there is one. Its output goes to stderr: at once, or with
 * `quiet` only if it fails.
 * @param {string} root
 * @param {string[]} args
 * @param {'inherit' | 'quiet'} output
 */
function runNpm(root, args, output) {
  // Other package managers set it too.
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : null
  const [program, ...before] = npm ? [process.execPath, npm] : ['npm']
  const result = spawnSync(program, [...before, ...args], {
    cwd: root,
    stdio: ['ignore', output === 'quiet' ? 'pipe' : 2, output === 'quiet' ? 'pipe' : 2],
    // On Windows npm is a shell script, which Node starts only through the shell.
    shell: process.platform === 'win32' && program === 'npm',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (result.error) say(result.error.message)
  if (result.status !== 0 && output === 'quiet')
    process.stderr.write(Buffer.concat([result.stdout, result.stderr]))
  return result.status
}

/** @param {string} what */
function say(what) {
  process.stderr.write(`edgekeep: ${what}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const prepare = process.argv.includes('--packages-only') ? setUpPackages : setUp
    prepare(dirname(dirname(fileURLToPath(import.meta.url))))
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    process.exitCode = 3
  }
}
