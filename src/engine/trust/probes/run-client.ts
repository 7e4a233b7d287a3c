import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { handshakeProofClass, developerCommands, type ClientRunByProxy } from './developer-clients.ts'
import type { ClientRun, FoundClient } from '../clients/find-clients.ts'
import { run, type HostEnvironment } from '../../../platform/commands/host-environment.ts'
import { runFirefox } from './firefox-run.ts'
import { connectProxy } from './connect-proxy.ts'

export interface ProofTarget {
  name: string
  port: number
  path: string
  /** The client is led to the edge, as for a temporary name; else it finds the name as a person's would. */
  isMapped: boolean
}

export interface ClientAttempt {
  hostEnvironment: HostEnvironment
  client: FoundClient
  target: ProofTarget
  /** Variables of the bundle, for a client that trusts through it. */
  variables: NodeJS.ProcessEnv
  signal?: AbortSignal
}

const longestMs = 60_000

/**
 * Runs a client once with the user's trust, no flag about certificates and a temporary profile, and returns
 * its output. Only the edge knows whether it trusted.
 */
export async function runClient(attempt: ClientAttempt): Promise<string> {
  const { client, hostEnvironment } = attempt
  mkdirSync(hostEnvironment.folder, { recursive: true, mode: 0o700 })
  const folder = mkdtempSync(join(hostEnvironment.folder, 'proof-'))
  try {
    if (client.run === 'firefox') return await inFirefox(attempt, folder)
    if (isByProxy(client.run)) return await throughProxy(attempt, client.run, folder)
    const variables = { ...attempt.variables, ...ownPlaces(folder) }
    return await once({ ...attempt, variables }, argumentsFor[client.run](attempt, folder), folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Redirects files beside the profile to a temporary folder; trust is read below HOME as always. */
function ownPlaces(folder: string): NodeJS.ProcessEnv {
  return { XDG_CONFIG_HOME: join(folder, 'config'), XDG_CACHE_HOME: join(folder, 'cache') }
}

type ArgumentsFor = (attempt: ClientAttempt, folder: string) => { args: string[]; input?: string }

const address = ({ target: { name, port, path } }: ClientAttempt) =>
  `https://${name}${port === 443 ? '' : `:${port}`}${path}`

const loopback = '127.0.0.1'
/** Host to connect to. */
const hostOf = ({ name, isMapped }: ProofTarget) => (isMapped ? loopback : name)
/** Value of the Host field. */
const authorityOf = ({ name, port }: ProofTarget) => `${name}${port === 443 ? '' : `:${port}`}`
/** Options that lead a client to the edge, and none for a name that it has to find. */
const mapped = ({ target }: ClientAttempt, options: (to: string) => string[]) =>
  target.isMapped ? options(`${target.name}:${target.port}:${loopback}`) : []

const argumentsFor: Record<Exclude<ClientRun, 'firefox' | ClientRunByProxy>, ArgumentsFor> = {
  chromium: (attempt, folder) => ({
    args: [
      ...['--headless', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      // Chromium refuses to start its sandbox as root; otherwise it stays on.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...[`--user-data-dir=${join(folder, 'profile')}`, '--password-store=basic', '--disable-breakpad'],
      ...mapped(attempt, () => [`--host-resolver-rules=MAP ${attempt.target.name} ${loopback}`]),
      ...['--dump-dom', address(attempt)],
    ],
  }),
  curl: (attempt) => ({
    args: [
      ...['-sS', '--max-time', '30'],
      ...mapped(attempt, (to) => ['--noproxy', '*', '--resolve', to]),
      address(attempt),
    ],
  }),
  git: (attempt) => ({
    args: [
      ...mapped(attempt, (to) => ['-c', `http.curloptResolve=${to}`, '-c', 'http.proxy=']),
      ...['ls-remote', address(attempt)],
    ],
  }),
  openssl: ({ target }) => ({
    args: [
      ...['s_client', '-connect', `${hostOf(target)}:${target.port}`, '-servername', target.name],
      ...['-verify_hostname', target.name, '-verify_return_error', '-quiet'],
    ],
    input: `GET ${target.path} HTTP/1.1\r\nHost: ${authorityOf(target)}\r\nConnection: close\r\n\r\n`,
  }),
  python: ({ target }) => ({ args: ['-c', pythonSource, ...argumentsOf(target)] }),
  requests: ({ target }) => ({ args: ['-c', requestsSource, ...argumentsOf(target)] }),
  node: ({ target }) => ({ args: ['-e', nodeSource, ...argumentsOf(target), authorityOf(target)] }),
  java: ({ target }, folder) => {
    writeFileSync(join(folder, 'HandshakeProof.class'), handshakeProofClass(hostOf(target)))
    return { args: ['-cp', folder, 'HandshakeProof', target.name, String(target.port), target.path] }
  },
  none: () => ({ args: [] }),
}

const argumentsOf = (target: ProofTarget) => [target.name, String(target.port), target.path, hostOf(target)]

const pythonStart = `import os, socket, sys
name, port, path, host = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
if host != name:
  os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
  socket.getaddrinfo = lambda *a, **k: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]`

const pythonSource = `import http.client, ssl
${pythonStart}
connection = http.client.HTTPSConnection(name, port, context=ssl.create_default_context(), timeout=30)
connection.request("GET", path)
connection.getresponse().read()`

/** Honors the user's variables for trust, and those for a proxy only for a name that it finds itself. */
const requestsSource = `import requests
${pythonStart}
requests.get(f"https://{name}:{port}{path}", timeout=30)`

const nodeSource = `const [name, port, path, host, authority] = process.argv.slice(1)
require('node:https').get({ host, port, servername: name, path, agent: false,
  headers: { host: authority }, timeout: 30000 }, (response) => response.resume())
  .on('error', (error) => { console.error(error.code + ': ' + error.message); process.exitCode = 1 })`

/**
 * Working directory of a client. Python loads modules from there, git its repository's settings, and rustup,
 * Cargo and Go search every parent too; Edgekeep's home may be inside an untrusted project. Only an
 * administrator can put files into `/`. On Windows other users can create folders in the root of a drive.
 */
function ownerlessFolder(folder: string): string {
  return process.platform === 'win32' ? folder : '/'
}

async function once(
  { client, variables, signal }: ClientAttempt,
  { args, input }: ReturnType<ArgumentsFor>,
  folder: string,
): Promise<string> {
  const env = { ...withoutVariables(process.env), ...variables, GIT_TERMINAL_PROMPT: '0' }
  const cwd = ownerlessFolder(folder)
  const ran = await run(client.path, args, { env, cwd, input: input ?? '', timeoutMs: longestMs, signal })
  return relevantOutput(ran.stdout, ran.stderr)
}

function isByProxy(run: ClientRun): run is ClientRunByProxy {
  return Object.hasOwn(developerCommands, run)
}

/** Proxy for clients that cannot resolve the name otherwise. */
async function throughProxy(
  attempt: ClientAttempt,
  client: ClientRunByProxy,
  folder: string,
): Promise<string> {
  const proxy = attempt.target.isMapped ? await connectProxy(attempt.target) : null
  try {
    const proxyUrl = proxy && `http://${loopback}:${proxy.port}`
    const { args, variables: own } = developerCommands[client]({
      address: address(attempt),
      folder,
      proxyUrl,
      env: attempt.hostEnvironment.env,
      home: attempt.hostEnvironment.home,
    })
    const ways =
      proxyUrl === null ? {} : { https_proxy: proxyUrl, HTTPS_PROXY: proxyUrl, no_proxy: '', NO_PROXY: '' }
    const variables = {
      ...attempt.variables,
      ...(client === 'wget' ? {} : ownPlaces(folder)),
      ...ways,
      ...own,
    }
    return await once({ ...attempt, variables }, { args }, folder)
  } finally {
    proxy?.close()
  }
}

/** Runs Firefox with a copy of the profile's trust and nothing else of it. */
async function inFirefox(attempt: ClientAttempt, folder: string): Promise<string> {
  const { client, target, signal } = attempt
  for (const name of ['cert9.db', 'key4.db', 'pkcs11.txt']) {
    const path = join(client.profile ?? '', name)
    if (existsSync(path)) copyFileSync(path, join(folder, name))
  }
  const env = { ...process.env, HOME: folder }
  const firefox = await runFirefox({
    program: client.path,
    profile: folder,
    hosts: target.isMapped ? [target.name] : [],
    env,
    signal,
  })
  try {
    const { error } = await firefox.visit(address(attempt))
    // Firefox names a refused certificate by the error alone (WebDriver, section 6.6).
    return error ? relevantOutput('', error.message || error.error) : ''
  } finally {
    await firefox.close()
  }
}

/** Variables of `trust env` that a shell may have set: a probe must control its store. */
const bundleVariables = [
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'REQUESTS_CA_BUNDLE',
  'NODE_EXTRA_CA_CERTS',
  'CARGO_HTTP_CAINFO',
  'DENO_CERT',
  'WGETRC',
] as const

function withoutVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const copy = { ...env }
  for (const name of bundleVariables) delete copy[name]
  return copy
}

const maxExcerptLength = 400

/** The output about certificates, or else its end. */
function relevantOutput(stdout: string, stderr: string): string {
  const lines = `${stderr}\n${stdout}`.split('\n').map((line) => line.trim())
  const patterns = [
    'ERR_CERT',
    'ERR_SSL',
    'ERR_NAME_',
    'ERR_CONNECTION_',
    'SEC_ERROR',
    'MOZILLA_PKIX',
    'certificate',
    'PKIX',
    'UnknownHost',
    'not known',
    'verify error',
    'SSL',
  ]
  const found = patterns.map((word) => lines.find((line) => line.includes(word))).find((line) => line)
  const chosen = found ?? lines.findLast((line) => line !== '') ?? ''
  const code = ['ERR_CERT_', 'ERR_SSL_', 'ERR_NAME_', 'ERR_CONNECTION_']
    .map((start) => codeAt(chosen, start))
    .find((each) => each)
  return (code ?? chosen).slice(0, maxExcerptLength)
}

/** Error code in a line of Chromium's log or error page. */
function codeAt(line: string, start: string): string | undefined {
  const at = line.indexOf(start)
  if (at < 0) return undefined
  return /^[A-Z_]+/.exec(line.slice(at))?.[0]
}
