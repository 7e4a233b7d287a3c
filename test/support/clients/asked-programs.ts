import { mkdirSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { runFirefox } from '../../../src/engine/trust/probes/firefox-run.ts'
import { connectProxy } from '../../../src/engine/trust/probes/connect-proxy.ts'
import { requireChromium } from '../browser/chromium.ts'
import { clientCases } from './cases.ts'
import {
  accepts,
  type AskedProgram,
  type Asking,
  commandProgram,
  lineProgram,
  type OpenProgram,
  type Ran,
  runOnce,
  type Trusting,
  versionOf,
} from './program.ts'

const source = (name: string) => fileURLToPath(new URL(`programs/${name}`, import.meta.url))
const hosts = [...new Set(clientCases.map(({ host }) => host))]

/** Writes the roots into an NSS database, as `certutil` does for a person. */
async function trustByNss(database: string, { roots, folder }: Trusting): Promise<void> {
  mkdirSync(database, { recursive: true })
  const certutil = (...args: string[]) => runOnce('certutil', ['-d', `sql:${database}`, ...args])
  await certutil('-N', '--empty-password')
  for (const [at, pem] of roots.entries()) {
    const path = join(folder, 'root-for-nss.pem')
    writeFileSync(path, pem)
    const { status, output } = await certutil('-A', '-t', 'C,,', '-n', `root ${at}`, '-i', path)
    // NSS takes no root with a key that it does not know, and then its browsers do not trust it.
    if (status !== 0) process.stderr.write(`certutil refuses root ${at}: ${output.trim()}\n`)
  }
}

async function openChromium(trusting: Trusting): Promise<OpenProgram> {
  const home = join(trusting.folder, 'chromium-home')
  await trustByNss(join(home, '.pki', 'nssdb'), trusting)
  const browser = await chromium.launch({
    executablePath: requireChromium(),
    args: ['--host-resolver-rules=MAP * 127.0.0.1', '--disable-background-networking'],
    env: { ...process.env, HOME: home } as Record<string, string>,
  })
  const page = await browser.newPage()
  return {
    version: `Chromium ${browser.version()}`,
    ask: (asking) => visitInChromium(page, asking),
    close: () => browser.close(),
  }
}

async function visitInChromium(page: Page, { host, port }: Asking): Promise<string> {
  try {
    // The error page of the visit before may still be loading, which would interrupt this one.
    await page.goto('about:blank')
    await page.goto(`https://${host}:${port}/`, { timeout: 20_000 })
    return accepts
  } catch (error) {
    return /net::(\w+)/.exec(String(error))?.[1] ?? String(error).split('\n')[0]!
  }
}

async function openFirefox(trusting: Trusting): Promise<OpenProgram> {
  const profile = join(trusting.folder, 'firefox-profile')
  await trustByNss(profile, trusting)
  const program = 'firefox-esr'
  const version = await versionOf(program)
  const env = { ...process.env, HOME: profile }
  const run = await runFirefox({ program, profile, hosts, env })
  return {
    version,
    async ask({ host, port }) {
      const { error } = await run.visit(`https://${host}:${port}/`)
      return error === null
        ? accepts
        : (((await run.evaluate(errorOfPage)) as string | null) ?? error.message)
    },
    close: () => run.close(),
  }
}

/** Name of the error that Firefox's error page shows. */
const errorOfPage = `
  const infoOf = (read) => { try { return document[read]().errorCodeString } catch { return null } }
  return infoOf('getFailedCertSecurityInfo') || infoOf('getNetErrorInfo')
    || new URLSearchParams(document.documentURI.split('?')[1]).get('e')`

const lastLine = ({ output }: Ran, pattern: RegExp): string =>
  output
    .split('\n')
    .flatMap((line) => pattern.exec(line)?.[1] ?? [])
    .at(-1) ?? output.trim().split('\n').at(-1)!

const address = ({ host, port }: Asking) => `https://${host}:${port}/`

const curl = commandProgram({
  program: 'curl',
  args: (asking, { rootsPath }) => [
    ...['-sS', '--max-time', '20', '--noproxy', '*', '--cacert', rootsPath, '-o', '/dev/null'],
    ...['--resolve', `${asking.host}:${asking.port}:127.0.0.1`, address(asking)],
  ],
  error: (ran) => (ran.status === 0 ? undefined : lastLine(ran, /^curl: (.*)$/)),
})

const git = commandProgram({
  program: 'git',
  env: ({ rootsPath }) => ({ GIT_SSL_CAINFO: rootsPath, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' }),
  args: (asking) => [
    ...['-c', `http.curloptResolve=${asking.host}:${asking.port}:127.0.0.1`, '-c', 'http.proxy='],
    ...['ls-remote', `${address(asking)}x.git`],
  ],
  error: (ran) => (ran.status === 0 ? undefined : lastLine(ran, /unable to access '[^']*': (.*)$/)),
})

const openssl = commandProgram({
  program: 'openssl',
  versionArgs: ['version'],
  args: ({ host, port }, { rootsPath }) => [
    ...['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', rootsPath, '-verify_return_error'],
    ...(isIP(host) ? ['-verify_ip', host] : ['-servername', host, '-verify_hostname', host]),
  ],
  error: (ran) =>
    ran.output.includes('Verify return code: 0 (ok)')
      ? undefined
      : lastLine(ran, /verify error:(num=.*)$|:error:[0-9A-F]+:(.*)$/),
})

const gnutls = commandProgram({
  program: 'gnutls-cli',
  args: ({ host, port }, { rootsPath }) => [
    ...[`--x509cafile=${rootsPath}`, `--port=${port}`, `--verify-hostname=${host}`],
    ...(isIP(host) ? ['--disable-sni'] : [`--sni-hostname=${host}`]),
    '127.0.0.1',
  ],
  error: (ran) =>
    /Handshake was completed/.test(ran.output) && !/Fatal error|\*\*\* PKI verification/.test(ran.output)
      ? undefined
      : lastLine(ran, /^(?:- Status: |\*\*\* Fatal error: )(.*)$/),
})

/** wget resolves names by itself alone, so it is led here by a proxy. */
const wget = async ({ rootsPath }: Trusting): Promise<OpenProgram> => ({
  version: await versionOf('wget'),
  async ask({ host, port }) {
    const proxy = await connectProxy({ name: host, port })
    const ran = await runOnce(
      'wget',
      [
        ...['-O', '/dev/null', '--no-config', '--tries=1', '--timeout=20', `--ca-certificate=${rootsPath}`],
        ...['-e', `https_proxy=http://127.0.0.1:${proxy.port}`, `https://${host}:${port}/`],
      ],
      { LC_ALL: 'C', NO_PROXY: '', no_proxy: '' },
    )
    proxy.close()
    return ran.status === 0
      ? accepts
      : lastLine(ran, /^ *(?:ERROR: |GnuTLS: )?(.*(?:certificate|GnuTLS|TLS|host).*)$/)
  },
  close: async () => undefined,
})

const java =
  (command: string) =>
  async (trusting: Trusting): Promise<OpenProgram> => {
    const store = join(trusting.folder, `${command.replace(/\W/g, '')}.p12`)
    for (const [at, pem] of trusting.roots.entries()) {
      const path = join(trusting.folder, 'root-for-java.pem')
      writeFileSync(path, pem)
      const keytool = command.replace(/java$/, 'keytool')
      const words = ['-importcert', '-noprompt', '-alias', `root${at}`, '-file', path, '-keystore', store]
      const { status, output } = await runOnce(keytool, [...words, '-storepass', 'changeit'])
      if (status !== 0) throw new Error(`keytool failed: ${output}`)
    }
    const trust = ['trustStore', 'trustStorePassword'].map(
      (name, at) => `-Djavax.net.ssl.${name}=${[store, 'changeit'][at]}`,
    )
    return lineProgram(command, [...trust, source('Ask.java')], {})
  }

const go = async ({ folder, rootsPath }: Trusting): Promise<OpenProgram> => {
  const program = join(folder, 'ask-go')
  const { status, output } = await runOnce('go', ['build', '-o', program, source('ask.go')], {}, buildMs)
  if (status !== 0) throw new Error(`go build failed: ${output}`)
  return lineProgram(program, [], { SSL_CERT_FILE: rootsPath, SSL_CERT_DIR: '/nonexistent' })
}

/** Go compiles its standard library first. */
const buildMs = 300_000

/** Programs of this computer, with the trust that the run gives them and no option that loosens a check. */
export const askedPrograms: AskedProgram[] = [
  { id: 'chrome', name: 'Chromium', open: openChromium },
  { id: 'firefox', name: 'Firefox', open: openFirefox },
  { id: 'openssl', name: 'openssl s_client', open: openssl },
  { id: 'curl', name: 'curl', open: curl },
  {
    id: 'python',
    name: 'Python',
    open: ({ rootsPath }) => lineProgram('python3', [source('ask.py'), rootsPath], {}),
  },
  { id: 'php', name: 'PHP', open: ({ rootsPath }) => lineProgram('php', [source('ask.php'), rootsPath], {}) },
  {
    id: 'node',
    name: 'Node.js',
    open: ({ rootsPath }) => lineProgram(process.execPath, [source('ask.mjs'), rootsPath], {}),
  },
  { id: 'gnutls', name: 'gnutls-cli', open: gnutls },
  { id: 'wget', name: 'wget', open: wget },
  { id: 'git', name: 'git (libcurl)', open: git },
  { id: 'java', name: 'Java', open: java('java') },
  { id: 'go', name: 'Go', open: go },
]
