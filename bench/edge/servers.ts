import { chmodSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { createTestAuthority, issueTestLeaf } from '../../test/support/certificates.ts'
import { isInstalled, startServer } from './processes.ts'

export interface BenchServer {
  name: string
  port: number
  pid: number
  stop(): void
}

const originPort = 19080

/** Certificates, files and the edge, bundled as it ships, in `folder`. */
export async function prepare(folder: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL('./serve.ts', import.meta.url)),
      target: 'node24',
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'edge.mjs' } },
    },
  })
  const authority = createTestAuthority()
  for (const key of ['ec', 'rsa'] as const) {
    const leaf = issueTestLeaf(authority, { names: ['localhost'], key })
    writeFileSync(`${folder}/${key}.crt`, leaf.chainPem)
    writeFileSync(`${folder}/${key}.key`, leaf.keyPem, { mode: 0o600 })
    writeFileSync(`${folder}/${key}.pem`, leaf.chainPem + leaf.keyPem, { mode: 0o600 })
  }
  // nginx's workers are another user where it is started by root.
  chmodSync(folder, 0o711)
  mkdirSync(`${folder}/www`)
  writeFileSync(`${folder}/www/1k`, Buffer.alloc(1024, 'x'))
  writeFileSync(`${folder}/www/1g`, '')
  truncateSync(`${folder}/www/1g`, 2 ** 30)
  for (const name of ['nginx', 'origin']) mkdirSync(`${folder}/${name}`)
}

const shared = (
  name: string,
) => `access_log off; sendfile on; tcp_nodelay on; keepalive_timeout 300s; keepalive_requests 100000000;
  client_body_temp_path ${name}/1; proxy_temp_path ${name}/2; fastcgi_temp_path ${name}/3; uwsgi_temp_path ${name}/4; scgi_temp_path ${name}/5;`

const nginxHead = (name: string) =>
  `daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid ${name}/pid; error_log ${name}/log crit;
events { worker_connections 12000; }`

/** The origin: nginx with files. */
export async function startOrigin(folder: string): Promise<BenchServer> {
  writeFileSync(
    `${folder}/origin.conf`,
    `${nginxHead('origin')}
http { ${shared('origin')} tcp_nopush on; open_file_cache max=100;
  server { listen 127.0.0.1:${originPort} backlog=4096; root www; default_type application/octet-stream; } }`,
  )
  return start('origin', originPort, 'nginx', ['-p', folder, '-c', `${folder}/origin.conf`], folder)
}

const configurations: Record<string, (folder: string, port: number, key: string) => [string, string[]]> = {
  edgekeep: (folder, port, key) => [
    process.execPath,
    [`${folder}/edge.mjs`, folder, String(port), key, String(originPort)],
  ],
  nginx(folder, port, key) {
    writeFileSync(
      `${folder}/nginx.conf`,
      `${nginxHead('nginx')}
http { ${shared('nginx')} ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate ${folder}/${key}.crt; ssl_certificate_key ${folder}/${key}.key;
  upstream o { server 127.0.0.1:${originPort}; keepalive 256; keepalive_requests 100000000; }
  server { listen 127.0.0.1:${port} ssl backlog=4096; http2 on;
    location / { proxy_pass http://o; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto https;
      proxy_set_header X-Forwarded-Host $host; proxy_max_temp_file_size 0; } } }`,
    )
    return ['nginx', ['-p', folder, '-c', `${folder}/nginx.conf`]]
  },
  haproxy(folder, port, key) {
    writeFileSync(
      `${folder}/haproxy.cfg`,
      `global
  nbthread 1
  maxconn 9000
defaults
  mode http
  timeout connect 5s
  timeout client 300s
  timeout server 300s
  timeout http-keep-alive 300s
frontend f
  bind 127.0.0.1:${port} ssl crt ${folder}/${key}.pem alpn h2,http/1.1 backlog 4096
  option forwardfor
  http-request set-header X-Forwarded-Proto https
  default_backend b
backend b
  http-reuse always
  server s 127.0.0.1:${originPort} pool-max-conn 256
`,
    )
    return ['haproxy', ['-f', `${folder}/haproxy.cfg`]]
  },
  caddy(folder, port, key) {
    writeFileSync(
      `${folder}/Caddyfile`,
      `{
  admin off
  auto_https off
  storage file_system ${folder}/caddy
  log {
    level ERROR
  }
}
https://localhost:${port} {
  bind 127.0.0.1
  tls ${folder}/${key}.crt ${folder}/${key}.key
  reverse_proxy 127.0.0.1:${originPort}
}
`,
    )
    return ['caddy', ['run', '--config', `${folder}/Caddyfile`, '--adapter', 'caddyfile']]
  },
}

export const peerNames = Object.keys(configurations)

/** Whether `name` can be measured on this machine. */
export function isAvailable(name: string): Promise<boolean> {
  return name === 'edgekeep' ? Promise.resolve(true) : isInstalled(name)
}

/** Starts the edge or one of its peers in front of the origin, with the certificate of type `key`. */
export async function startPeer(
  name: string,
  folder: string,
  port: number,
  key: 'ec' | 'rsa' = 'ec',
): Promise<BenchServer> {
  const configure = configurations[name]
  if (!configure) throw new Error(`no such peer: ${name}`)
  const [command, args] = configure(folder, port, key)
  return start(name, port, command, args, folder)
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
