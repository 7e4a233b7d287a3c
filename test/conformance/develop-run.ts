import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { launcher } from '../support/processes/cli.ts'

/** Longest time from the start of a cold server to its page. */
export const readyWithinMs = 120_000

const ownEnv: NodeJS.ProcessEnv = {
  ...process.env,
  // Astro and others ask for a Node that is newer than the system's may be.
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
  NEXT_TELEMETRY_DISABLED: '1',
}
const { SSL_CERT_FILE: _file, CURL_CA_BUNDLE: _curl, NODE_EXTRA_CA_CERTS: _node, ...untrusting } = ownEnv
/** Environment without the variables for trust, which "edgekeep run" would leave as they are. */
export const env: NodeJS.ProcessEnv = untrusting

export function write(at: string, file: string, content: string, mode?: number): void {
  mkdirSync(dirname(join(at, file)), { recursive: true })
  writeFileSync(join(at, file), content, { mode })
}

export function writeAll(at: string, files: [name: string, content: string, mode?: number][]): void {
  for (const [file, content, mode] of files) write(at, file, content, mode)
}

export function replaceIn(at: string, file: string, from: string, to: string): void {
  write(at, file, readFileSync(join(at, file), 'utf8').replaceAll(from, to))
}

export function install(at: string, packages: string[]): void {
  const args = ['install', '--no-audit', '--no-fund', ...packages]
  const { status, stderr } = spawnSync('npm', args, { cwd: at, env: ownEnv, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm could not install ${packages.join(', ')}: ${stderr.slice(-600)}`)
}

export interface Ready {
  service: string
  address: string
  tookMs: number
}

/** Starts a program, and finds in its output that it is ready. */
export function startProgram(
  argv: [string, ...string[]],
  { cwd, more = {}, isReady }: { cwd: string; more?: NodeJS.ProcessEnv; isReady: RegExp },
) {
  const started = performance.now()
  const child = spawn(argv[0], argv.slice(1), {
    cwd,
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let output = ''
  const ready = new Promise<{ found: RegExpExecArray; tookMs: number }>((resolve, reject) => {
    const fail = () => reject(new Error(`it was not ready: ${output.slice(-800)}`))
    setTimeout(fail, readyWithinMs).unref()
    void ended.then(fail)
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const found = isReady.exec(output)
        if (found) resolve({ found, tookMs: performance.now() - started })
      })
  })
  ready.catch(() => undefined)
  return {
    ready,
    ended,
    output: () => output,
    async end(): Promise<void> {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Starts `edgekeep run`. */
export function startRun(home: string, cwd: string, words: string[] = []) {
  const run = startProgram([process.execPath, launcher, '--home', home, '--json', 'run', ...words], {
    cwd,
    isReady: /"type":"ready","service":"([^"]+)","address":"([^"]+)"/,
  })
  const ready = run.ready.then(({ found: [, service = '', address = ''], tookMs }) => ({
    service,
    address,
    tookMs,
  }))
  ready.catch(() => undefined)
  return { ...run, ready }
}

/**
 * Fetches a running server as its sibling would: two programs that "edgekeep run" starts, with the address and the
 * trust that it gives them. curl resolves names below localhost by itself, Node only where the system does.
 */
export async function siblingReaches(home: string, cwd: string, service: string): Promise<void> {
  const variable = `EDGEKEEP_URL_${service.toUpperCase().replaceAll('-', '_')}`
  const fetching = `
const lookup = (_, { all }, found) => (all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4))
require('node:https').get(process.env.${variable}, { lookup }, (response) => process.exit(response.statusCode === 200 ? 0 : 9))
`
  const line = `curl -sSf -o sibling.txt "$${variable}" && exec "${process.execPath}" -e "$0"`
  const run = startRun(home, cwd, ['--name', `sibling-of-${service}`, '--', 'sh', '-c', line, fetching])
  const status = await run.ended
  if (status !== 0)
    throw new Error(`a sibling could not reach it (status ${status}): ${run.output().slice(-400)}`)
}
