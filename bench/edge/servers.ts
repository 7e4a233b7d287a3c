import { X509Certificate } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { defaultPolicies } from '../../src/contract/domains/policies.ts'
import { handshakeSettings } from '../../src/edge/protocol/handshake-settings.ts'
import { llhttpBytes } from '../../vite.node.config.ts'
import { freePort } from '../../test/support/free-port.ts'
import { createTestAuthority, issueTestLeaf } from '../../test/support/pki/certificates.ts'
import {
  canDo,
  configurations,
  fromNpm,
  libraries,
  nginxHead,
  originPort,
  secureOriginPort,
  shared,
  sinkPort,
  websocketLines,
  type Setup,
} from './peers.ts'
import { isInstalled, runTool, startServer } from './processes.ts'

export interface BenchServer {
  name: string
  port: number
  pid: number
  /**
   * Swaps to the other certificate of its type and returns its fingerprint; absent if the server cannot swap
   * at run time.
   */
  swap?: () => string
  stop(): void
}

/** The edge of one checkout, bundled as it ships. */
function bundle(entry: string, folder: string, fileName: string): Promise<unknown> {
  return build({
    configFile: false,
    plugins: [llhttpBytes],
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      target: 'node24',
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: fileName } },
    },
  })
}

/** Creates certificates, files and the edge in `folder`, and optionally the edge of another checkout. */
export async function prepare(folder: string, before?: string): Promise<void> {
  await bundle(fileURLToPath(new URL('./serve.ts', import.meta.url)), folder, 'edge.mjs')
  if (before !== undefined) await bundle(resolve(before, 'bench/edge/serve.ts'), folder, 'before.mjs')
  const handshake = handshakeSettings(defaultPolicies.tls)
  writeFileSync(`${folder}/policies.json`, JSON.stringify({ policies: defaultPolicies, handshake }))
  const authority = createTestAuthority()
  for (const name of ['ec', 'rsa', 'other'] as const) {
    const leaf = issueTestLeaf(authority, { names: ['localhost'], key: name === 'rsa' ? 'rsa' : 'ec' })
    writeFileSync(`${folder}/${name}.crt`, leaf.chainPem)
    writeFileSync(`${folder}/${name}.key`, leaf.keyPem, { mode: 0o600 })
    writeFileSync(`${folder}/${name}.pem`, leaf.chainPem + leaf.keyPem, { mode: 0o600 })
  }
  // nginx's workers run as another user if root starts it.
  chmodSync(folder, 0o711)
  for (const name of Object.keys(fromNpm)) mkdirSync(`${folder}/${name}`)
  for (const name of libraries)
    copyFileSync(fileURLToPath(new URL(`./${name}.mjs`, import.meta.url)), `${folder}/${name}/serve.mjs`)
  mkdirSync(`${folder}/www`)
  writeFileSync(`${folder}/www/1k`, Buffer.alloc(1024, 'x'))
  writeFileSync(`${folder}/www/1g`, '')
  truncateSync(`${folder}/www/1g`, 2 ** 30)
  for (const name of ['nginx', 'nginx-2', 'origin']) mkdirSync(`${folder}/${name}`)
}

/** The origin: nginx with files; a program of ours serves uploads and websockets behind it. */
export async function startOrigin(folder: string): Promise<{ stop(): void }> {
  const sink = await start('sink', sinkPort, process.execPath, [sinkEntry, String(sinkPort)], folder)
  const nginx = await startNginxOrigin(folder)
  return {
    stop() {
      nginx.stop()
      sink.stop()
    },
  }
}

const sinkEntry = fileURLToPath(new URL('./sink.ts', import.meta.url))

function startNginxOrigin(folder: string): Promise<BenchServer> {
  writeFileSync(
    `${folder}/origin.conf`,
    `${nginxHead('origin')}
http { ${shared('origin')} tcp_nopush on; open_file_cache max=100;
  server { listen 127.0.0.1:${originPort} backlog=4096; listen 127.0.0.1:${secureOriginPort} ssl backlog=4096;
    ssl_certificate ${folder}/ec.crt; ssl_certificate_key ${folder}/ec.key;
    root www; default_type application/octet-stream; client_max_body_size 0;
    location = /upload { proxy_pass http://127.0.0.1:${sinkPort}; proxy_http_version 1.1; proxy_request_buffering off; }
    location = /unanswered { proxy_pass http://127.0.0.1:${sinkPort}; }
    location = /socket { proxy_pass http://127.0.0.1:${sinkPort}; ${websocketLines} } } }`,
  )
  return start('origin', originPort, 'nginx', ['-p', folder, '-c', `${folder}/origin.conf`], folder)
}

/** Whether `name` can be measured on this machine; npm packages are installed into `folder`. */
export async function makeAvailable(name: string, folder: string): Promise<boolean> {
  if (name.startsWith('edgekeep') || name.startsWith('bare')) return true
  if (name === 'before') return existsSync(`${folder}/before.mjs`)
  const version = fromNpm[name]
  if (version === undefined) return isInstalled(name.replace(/-2$/, ''))
  const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', `${folder}/${name}`]
  const { ok } = await runTool('npm', ['install', ...flags, `${name}@${version}`])
  return ok
}

export async function startPeer(name: string, folder: string, setup: Setup): Promise<BenchServer> {
  const configure = configurations[name]
  if (!configure) throw new Error(`no such peer: ${name}`)
  const port = await freePort()
  const [command, args] = configure(folder, port, setup)
  const server = await start(name, port, command, args, folder)
  return canDo(name, 'swap') ? { ...server, swap: () => swap(server, folder, setup) } : server
}

/** The servers that swap at run time reload at this signal. */
function swap({ pid }: BenchServer, folder: string, { key }: Setup): string {
  for (const kind of ['crt', 'key']) {
    copyFileSync(`${folder}/${key}.${kind}`, `${folder}/spare.${kind}`)
    copyFileSync(`${folder}/other.${kind}`, `${folder}/${key}.${kind}`)
    copyFileSync(`${folder}/spare.${kind}`, `${folder}/other.${kind}`)
  }
  process.kill(pid, 'SIGHUP')
  return new X509Certificate(readFileSync(`${folder}/${key}.crt`)).fingerprint256
}

async function start(
  name: string,
  port: number,
  command: string,
  args: string[],
  folder: string,
): Promise<BenchServer> {
  const child = await startServer(command, args, folder, port)
  return { name, port, pid: child.pid ?? 0, stop: () => void child.kill('SIGTERM') }
}
