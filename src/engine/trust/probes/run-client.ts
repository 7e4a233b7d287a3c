import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { handshakeProofClass, developerCommands, type ClientRunByProxy } from './developer-clients.ts'
import type { ClientRun, FoundClient } from '../clients/find-clients.ts'
import { run, type HostEnvironment } from '../stores/host-environment.ts'
import { runFirefox } from './firefox-run.ts'
import { connectProxy } from './connect-proxy.ts'

export interface ProofTarget {
  /** Name below `localhost`. */
  name: string
  port: number
  path: string
}

export interface ClientAttempt {
  hostEnvironment: HostEnvironment
  client: FoundClient
  target: ProofTarget
  /** Variables of the bundle, for a client that trusts through it. */
  variables: NodeJS.ProcessEnv
  signal?: AbortSignal | undefined
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

const address = ({ target: { name, port, path } }: ClientAttempt) => `https://${name}:${port}${path}`

const argumentsFor: Record<Exclude<ClientRun, 'firefox' | ClientRunByProxy>, ArgumentsFor> = {
  chromium: (attempt, folder) => ({
    args: [
      ...['--headless', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      // Chromium refuses to start its sandbox as root; otherwise it stays on.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...[`--user-data-dir=${join(folder, 'profile')}`, '--password-store=basic', '--disable-breakpad'],
      ...[`--host-resolver-rules=MAP ${attempt.target.name} 127.0.0.1`, '--dump-dom', address(attempt)],
    ],
  }),
  curl: (attempt) => ({
    args: [
      ...['-sS', '--max-time', '30', '--noproxy', '*'],
      ...['--resolve', `${attempt.target.name}:${attempt.target.port}:127.0.0.1`, address(attempt)],
    ],
  }),
  git: (attempt) => ({
    args: [
      ...['-c', `http.curloptResolve=${attempt.target.name}:${attempt.target.port}:127.0.0.1`],
      ...['-c', 'http.proxy=', 'ls-remote', address(attempt)],
    ],
  }),
  openssl: ({ target: { name, port, path } }) => ({
    args: [
      ...['s_client', '-connect', `127.0.0.1:${port}`, '-servername', name],
      ...['-verify_hostname', name, '-verify_return_error', '-quiet'],
    ],
    input: `GET ${path} HTTP/1.1\r\nHost: ${name}:${port}\r\nConnection: close\r\n\r\n`,
  }),
  python: ({ target: { name, port, path } }) => ({ args: ['-c', pythonSource, name, String(port), path] }),
  requests: ({ target: { name, port, path } }) => ({
    args: ['-c', requestsSource, name, String(port), path],
  }),
  node: ({ target: { name, port, path } }) => ({ args: ['-e', nodeSource, name, String(port), path] }),
  java: ({ target: { name, port, path } }, folder) => {
    writeFileSync(join(folder, 'HandshakeProof.class'), Buffer.from(handshakeProofClass, 'base64'))
    return { args: ['-cp', folder, 'HandshakeProof', name, String(port), path] }
  },
  none: () => ({ args: [] }),
}

const pythonSource = `import http.client, socket, ssl, sys
name, port, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
socket.getaddrinfo = lambda *a, **k: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
connection = http.client.HTTPSConnection(name, port, context=ssl.create_default_context(), timeout=30)
connection.request("GET", path)
connection.getresponse().read()`

/** Honors the user's variables for trust, but not those for a proxy. */
const requestsSource = `import os, socket, sys
import requests
name, port, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
socket.getaddrinfo = lambda *a, **k: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
requests.get(f"https://{name}:{port}{path}", timeout=30)`

const nodeSource = `const [name, port, path] = process.argv.slice(1)
require('node:https').get({ host: '127.0.0.1', port, servername: name, path, agent: false,
  headers: { host: name + ':' + port }, timeout: 30000 }, (response) => response.resume())
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
  const proxy = await connectProxy(attempt.target)
  try {
    const proxyUrl = `http://127.0.0.1:${proxy.port}`
    const { args, variables: own } = developerCommands[client]({
      address: address(attempt),
      folder,
      proxyUrl,
      env: attempt.hostEnvironment.env,
      home: attempt.hostEnvironment.home,
    })
    const ways = { https_proxy: proxyUrl, HTTPS_PROXY: proxyUrl, no_proxy: '', NO_PROXY: '' }
    const variables = {
      ...attempt.variables,
      ...(client === 'wget' ? {} : ownPlaces(folder)),
      ...ways,
      ...own,
    }
    return await once({ ...attempt, variables }, { args }, folder)
  } finally {
    proxy.close()
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
    hosts: [target.name],
    env,
    signal,
  })
  try {
    const { error } = await firefox.visit(address(attempt))
    return error ? relevantOutput('', error.message) : ''
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
    'SEC_ERROR',
    'MOZILLA_PKIX',
    'certificate',
    'PKIX',
    'verify error',
    'SSL',
  ]
  const found = patterns.map((word) => lines.find((line) => line.includes(word))).find((line) => line)
  const chosen = found ?? lines.findLast((line) => line !== '') ?? ''
  const code = ['ERR_CERT_', 'ERR_SSL_'].map((start) => codeAt(chosen, start)).find((each) => each)
  return (code ?? chosen).slice(0, maxExcerptLength)
}

/** Error code in the middle of a long line of Chromium's error page. */
function codeAt(line: string, start: string): string | undefined {
  const at = line.indexOf(start)
  if (at < 0 || line.length < maxExcerptLength) return undefined
  return /^[A-Z_]+/.exec(line.slice(at))?.[0]
}
