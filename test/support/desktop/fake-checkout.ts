import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { nodePackage, nodeProgram } from '../../../bin/pinned-node.mjs'
import { findInstallation } from '../../../src/engine-process/installation.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** The pinned Node in a checkout. */
export const nodePath = join('node_modules', nodeProgram)

/** Stand-in for npm, which needs the network: leaves the same files as the real one. */
const npm = `
const node = ${JSON.stringify(nodePath)}
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n')
if (existsSync('npm-fails')) { console.log('what npm says'); process.exit(1) }
if (process.argv[2] === 'ci') {
  const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  mkdirSync('node_modules/.bin', { recursive: true })
  if ('${nodePackage}' in optionalDependencies && !existsSync('npm-leaves-optional-out')) {
    mkdirSync(${JSON.stringify(dirname(nodePath))}, { recursive: true })
    if (!existsSync(node)) symlinkSync(process.execPath, node)
  }
  cpSync('package-lock.json', 'node_modules/.package-lock.json')
} else {
  if (existsSync('build-is-slow')) await new Promise((resolve) => setTimeout(resolve, 500))
  mkdirSync('out/node', { recursive: true })
  mkdirSync('out/renderer', { recursive: true })
  for (const name of ['node/inspect-only.js', 'node/engine.js', 'node/edge-worker.js', 'renderer/index.html']) writeFileSync('out/' + name, '')
  cpSync('src/cli.js', 'out/node/cli.js')
}`

export interface Run {
  status: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** Checkout with the real launcher and setup, and a command line of one file. */
export function fakeCheckout(commandLine = 'console.log(JSON.stringify(process.argv.slice(2)))') {
  const root = temporaryFolder()
  const real = findInstallation().root
  const write = (path: string, text: string) => writeFileSync(join(root, path), text)
  cpSync(join(real, 'bin'), join(root, 'bin'), { recursive: true })
  cpSync(join(real, 'scripts'), join(root, 'scripts'), { recursive: true })
  mkdirSync(join(root, 'src'))
  write('package.json', manifestWith({ [nodePackage]: process.versions.node }))
  write('package-lock.json', lockOf({ left: '1.0.0', '@scope/right': '2.0.0' }))
  write('src/cli.js', commandLine)
  write('npm-cli.js', npm)
  return {
    root,
    write,
    launcher: join(root, 'bin', 'edgekeep.mjs'),
    setup: () => run(join(root, 'scripts', 'setup.mjs'), [], root),
    launch: (...args: string[]) => run(join(root, 'bin', 'edgekeep.mjs'), args, root),
    /** Calls of npm so far. */
    npmCalls: () =>
      existsSync(join(root, 'npm-calls')) ? readFileSync(join(root, 'npm-calls'), 'utf8') : '',
  }
}

/** A package.json that names these packages of Node. The fake npm installs the Node that runs the test for one. */
export function manifestWith(optionalDependencies: Record<string, string>): string {
  return JSON.stringify({ name: 'edgekeep', type: 'module', optionalDependencies })
}

export function lockOf(versions: Record<string, string>): string {
  const packages = Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version }])
  return JSON.stringify({ packages: { '': {}, ...Object.fromEntries(packages) } })
}

export function run(script: string, args: string[], root: string, cwd = root): Promise<Run> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...process.env, npm_execpath: join(root, 'npm-cli.js') },
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  return new Promise((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal, ...output }))
  })
}
