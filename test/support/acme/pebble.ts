import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toPem } from '../../../src/pki/formats/convert.ts'
import { makeCertificate, makeKeys } from '../pki/certificate-maker.ts'
import { installDebianPackage } from '../processes/debian-packages.ts'
import { freePort } from '../free-port.ts'

/** Let's Encrypt's test server (Debian: `pebble`), strict, with the DNS of its challenge test server. */
export interface Pebble {
  directoryUrl: string
  /** Trust anchor of its own server, PEM. */
  rootPem: string
  /** Records of the test DNS server that Pebble asks: TXT and addresses. */
  dns: {
    port: number
    managementUrl: string
    setAddress(name: string, address: string): Promise<void>
    setTxt(name: string, value: string): Promise<void>
    clearTxt(name: string): Promise<void>
  }
  /** GET of its management interface. */
  manage(path: string): Promise<string>
  close(): Promise<void>
}

export interface PebbleOptions {
  /** Validation ports of Pebble: those of an edge. */
  httpPort?: number
  tlsPort?: number
  /** Percent of nonces that it rejects. */
  nonceReject?: number
  bindingKeys?: Record<string, string>
  validitySeconds?: number
  alternateRoots?: number
  chainLength?: number
  retryAfterSeconds?: number
  /** Longest random delay before each validation. */
  sleepSeconds?: number
  /** Challenges count as valid unasked. */
  alwaysValid?: boolean
  /** Percent of valid authorizations that it reuses. */
  reuse?: number
}

/** Starts Pebble; null if it is absent and cannot be installed. */
export async function startPebble(options: PebbleOptions = {}): Promise<Pebble | null> {
  if (whyNoPebble()) return null
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-pebble-'))
  const [acmePort, managementPort, dnsPort, dnsManagementPort] = await freePorts(4)
  const { rootPem, certificate, privateKey } = serverFiles(folder)
  const listenAddress = `127.0.0.1:${acmePort}`
  const retryAfter = options.retryAfterSeconds ?? 1
  const pebble = {
    listenAddress,
    managementListenAddress: `127.0.0.1:${managementPort}`,
    certificate,
    privateKey,
    httpPort: options.httpPort ?? 5002,
    tlsPort: options.tlsPort ?? 5001,
    ocspResponderURL: '',
    externalAccountBindingRequired: options.bindingKeys !== undefined,
    ...(options.bindingKeys && { externalAccountMACKeys: options.bindingKeys }),
    certificateValidityPeriod: options.validitySeconds ?? 90 * 86_400,
    retryAfter: { authz: retryAfter, order: retryAfter },
  }
  const config = join(folder, 'pebble.json')
  writeFileSync(config, JSON.stringify({ pebble }))
  const env = {
    ...process.env,
    PEBBLE_WFE_NONCEREJECT: String(options.nonceReject ?? 5),
    PEBBLE_AUTHZREUSE: String(options.reuse ?? 0),
    ...(options.sleepSeconds === undefined
      ? { PEBBLE_VA_NOSLEEP: '1' }
      : { PEBBLE_VA_SLEEPTIME: String(options.sleepSeconds) }),
    ...(options.alternateRoots ? { PEBBLE_ALTERNATE_ROOTS: String(options.alternateRoots) } : {}),
    ...(options.chainLength ? { PEBBLE_CHAIN_LENGTH: String(options.chainLength) } : {}),
    ...(options.alwaysValid ? { PEBBLE_VA_ALWAYS_VALID: '1' } : {}),
  }
  const none = ['-http01', '', '-https01', '', '-tlsalpn01', '', '-doh', '']
  const children = [
    start('pebble', ['-strict', '-config', config, '-dnsserver', `127.0.0.1:${dnsPort}`], env),
    start(
      'pebble-challtestsrv',
      [
        ...none,
        '-dns01',
        `127.0.0.1:${dnsPort}`,
        '-management',
        `127.0.0.1:${dnsManagementPort}`,
        '-defaultIPv6',
        '',
      ],
      env,
    ),
  ]
  const agent = new Agent({ ca: rootPem })
  const manage = (path: string) => fetchText(`https://127.0.0.1:${managementPort}${path}`, agent)
  const close = async () => {
    await Promise.all(children.map(ended))
    rmSync(folder, { recursive: true, force: true })
  }
  const directoryUrl = `https://127.0.0.1:${acmePort}/dir`
  await answers(() => fetchText(directoryUrl, agent))
  const dnsManagement = `http://127.0.0.1:${dnsManagementPort}`
  const dnsPost = async (path: string, body: object) => {
    await fetch(`${dnsManagement}${path}`, { method: 'POST', body: JSON.stringify(body) })
  }
  await answers(() => dnsPost('/clear-txt', { host: 'nobody.test.' }))
  return {
    directoryUrl,
    rootPem,
    manage,
    close,
    dns: {
      port: dnsPort as number,
      managementUrl: dnsManagement,
      setAddress: (name, address) => dnsPost('/add-a', { host: `${name}.`, addresses: [address] }),
      setTxt: (name, value) => dnsPost('/set-txt', { host: `${name}.`, value }),
      clearTxt: (name) => dnsPost('/clear-txt', { host: `${name}.` }),
    },
  }
}

/** Installs Pebble where possible; null if it is present. */
export function whyNoPebble(): string | null {
  const isThere = () => ['pebble', 'pebble-challtestsrv'].every((name) => existsSync(`/usr/bin/${name}`))
  if (isThere() || (installDebianPackage('pebble') && isThere())) return null
  return 'there is no Pebble (Debian: apt install pebble) to get certificates from'
}

function serverFiles(folder: string) {
  const dates = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 86_400_000) }
  const root = makeCertificate({
    subject: 'Pebble server root',
    authority: true,
    keys: makeKeys('ec'),
    ...dates,
  })
  const keys = makeKeys('ec')
  const leaf = makeCertificate({
    subject: 'Pebble',
    issuer: root,
    keys,
    names: ['127.0.0.1', 'localhost'],
    ...dates,
  })
  const certificate = join(folder, 'server.pem')
  const privateKey = join(folder, 'server.key')
  writeFileSync(certificate, toPem(leaf.der))
  writeFileSync(privateKey, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  return { rootPem: toPem(root.der), certificate, privateKey }
}

async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = await freePort()
    if (!ports.includes(port)) ports.push(port)
  }
  return ports
}

function start(command: string, words: string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(`/usr/bin/${command}`, words, { env, stdio: 'ignore' })
}

function ended(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  child.once('exit', () => resolve())
  child.kill()
  return promise
}

async function answers(ask: () => Promise<unknown>): Promise<void> {
  for (const endAt = Date.now() + 30_000; ;) {
    try {
      await ask()
      return
    } catch (error) {
      if (Date.now() > endAt) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

function fetchText(url: string, agent: Agent): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const sent = request(url, { agent }, (response) => {
    const pieces: Buffer[] = []
    response.on('data', (piece: Buffer) => pieces.push(piece))
    response.on('end', () => resolve(Buffer.concat(pieces).toString()))
  })
  sent.on('error', reject)
  sent.end()
  return promise
}
