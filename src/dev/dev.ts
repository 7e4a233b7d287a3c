import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import tls from 'node:tls'

/*
 * Runs in the process of a development server, on its Node (20 or later), so it loads nothing but Node's own
 * modules: the address is held by an "edgekeep run --attach" of its own.
 */

export interface DevelopOptions {
  /** Port or URL of the server: `3000`, `https://127.0.0.1:3000`. */
  origin: number | string
  /** Name of the address, a label or a whole name. Default: that of the package. */
  name?: string
  /** Folder of the project. Default: the current folder. */
  folder?: string
  /** Called with sentences for the person, such as that browsers lack trust. Default: standard error. */
  onNote?: (note: string) => void
}

export interface Development {
  /** `https://shop.localhost:8443` */
  address: string
  /** `shop.localhost` */
  host: string
  /** Ends the address; so does the end of this process. */
  close(): Promise<void>
}

/** Set by "edgekeep run", which has given this server its address. */
const given = process.env['EDGEKEEP_URL']

/**
 * Gives a development server an HTTPS address for as long as this process runs, and this process the variables
 * that "edgekeep run" sets: `EDGEKEEP_URL`, those of siblings, and trust in the local authority.
 * @throws an error with the `code` of Edgekeep, such as `run.name_taken`
 */
export async function develop(options: DevelopOptions): Promise<Development> {
  if (given !== undefined)
    return { address: given, host: new URL(given).hostname, close: async () => undefined }
  const { address, environment, close } = await attach(options)
  applyEnvironment(environment)
  return { address, host: new URL(address).hostname, close }
}

interface Ready {
  address: string
  environment: NodeJS.ProcessEnv
}

/** Lines of "edgekeep run --json". */
interface Event extends Partial<Ready> {
  type?: string
  note?: string
  error?: { code: string; message: string }
}

function attach(options: DevelopOptions): Promise<Ready & Pick<Development, 'close'>> {
  const { onNote = (note: string) => void process.stderr.write(`edgekeep: ${note}\n`) } = options
  const child = startCommand(options)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const close = () => (child.stdin.end(), ended)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { type, note, error, address = '', environment = {} } = JSON.parse(line) as Event
      if (note !== undefined) onNote(note)
      // Once there is an address, nothing waits for a failure: such as the end of the engine.
      if (error) reject(Object.assign(new Error(error.message), { code: error.code }))
      if (type !== 'ready') return
      for (const handle of [child, child.stdin, child.stdout] as { unref?(): void }[]) handle.unref?.()
      resolve({ address, environment, close })
    })
    void ended.then(() => reject(new Error('"edgekeep run" ended without an address.')))
  })
}

// Not relative to this file, which the build moves.
const launcher = fileURLToPath(new URL('bin/edgekeep.mjs', import.meta.resolve('edgekeep/package.json')))

/** The command ends when its input does, at the latest with this process. */
function startCommand({ origin, name, folder }: DevelopOptions) {
  const args = ['--json', 'run', '--attach', String(origin), ...(name === undefined ? [] : ['--name', name])]
  // Options of this Node, such as a debugger's port, are not for the command.
  const { NODE_OPTIONS: _, ...env } = process.env
  return spawn(process.execPath, [launcher, ...args], {
    cwd: folder,
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
}

/** A trust variable that is set stays. Node reads its own at its start only, so the roots are also added here. */
function applyEnvironment(environment: NodeJS.ProcessEnv): void {
  const isOwnTrust = process.env['NODE_EXTRA_CA_CERTS'] === undefined
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith('EDGEKEEP_')) process.env[name] = value
    else process.env[name] ??= value
  }
  const roots = environment['NODE_EXTRA_CA_CERTS']
  if (isOwnTrust && roots !== undefined) trustRoots(readFileSync(roots, 'utf8'))
}

/** Exists since Node 22.19 and 24.5. */
interface DefaultCertificates {
  getCACertificates?(kind: 'default'): string[]
  setDefaultCACertificates?(certificates: string[]): void
}

function trustRoots(pem: string): void {
  const { getCACertificates, setDefaultCACertificates } = tls as DefaultCertificates
  if (getCACertificates) setDefaultCACertificates?.([...getCACertificates('default'), pem])
}
