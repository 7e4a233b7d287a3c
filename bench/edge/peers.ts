import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { workerFlags } from '../../src/edge/supervisor/worker-process.ts'
import { freePort } from '../../test/support/free-port.ts'

/** Ports of the origin: HTTP, HTTPS, uploads and websockets. */
export const originPort = await freePort()
export const secureOriginPort = await freePort()
export const sinkPort = await freePort()

export interface Setup {
  key: 'ec' | 'rsa'
  origin: 'http' | 'https'
}

export const shared = (
  name: string,
) => `access_log off; sendfile on; tcp_nodelay on; keepalive_timeout 300s; keepalive_requests 100000000;
  client_body_temp_path ${name}/1; proxy_temp_path ${name}/2; fastcgi_temp_path ${name}/3; uwsgi_temp_path ${name}/4; scgi_temp_path ${name}/5;`

export const websocketLines =
  'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_read_timeout 300s;'

export const nginxHead = (name: string, workers = 1) =>
  `daemon off; worker_processes ${workers}; worker_rlimit_nofile 20000; pid ${name}/pid; error_log ${name}/log crit;
events { worker_connections 12000; }`

const bareEntry = fileURLToPath(new URL('./bare.mjs', import.meta.url))

type Configure = (folder: string, port: number, setup: Setup) => [command: string, args: string[]]

const originOf = ({ origin }: Setup) =>
  origin === 'http' ? `127.0.0.1:${originPort}` : `127.0.0.1:${secureOriginPort}`

function nginx(name: string, workers: number): Configure {
  return (folder, port, setup) => {
    const { key, origin } = setup
    writeFileSync(
      `${folder}/${name}.conf`,
      `${nginxHead(name, workers)}
http { ${shared(name)} ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate ${folder}/${key}.crt; ssl_certificate_key ${folder}/${key}.key;
  upstream o { server ${originOf(setup)}; keepalive 256; keepalive_requests 100000000; }
  server { listen 127.0.0.1:${port} ssl backlog=4096${workers > 1 ? ' reuseport' : ''}; http2 on; client_max_body_size 0;
    location = /socket { proxy_pass ${origin}://o; ${websocketLines} }
    location / { proxy_pass ${origin}://o; proxy_http_version 1.1; proxy_request_buffering off; proxy_set_header Connection ""; proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto https;
      proxy_set_header X-Forwarded-Host $host; proxy_max_temp_file_size 0; } } }`,
    )
    return ['nginx', ['-p', folder, '-c', `${folder}/${name}.conf`]]
  }
}

export const configurations: Record<string, Configure> = {
  edgekeep: (folder, port, { key, origin }) => [
    process.execPath,
    [
      ...workerFlags,
      `${folder}/edge.mjs`,
      folder,
      String(port),
      key,
      origin,
      String(originPort),
      String(secureOriginPort),
    ],
  ],
  before: (folder, port, { key, origin }) => [
    process.execPath,
    [
      ...workerFlags,
      `${folder}/before.mjs`,
      folder,
      String(port),
      key,
      origin,
      String(originPort),
      String(secureOriginPort),
    ],
  ],
  'edgekeep-2': (folder, port, { key, origin }) => [
    process.execPath,
    [
      ...workerFlags,
      `${folder}/edge.mjs`,
      folder,
      ...[String(port), key, origin, String(originPort), String(secureOriginPort), 'first'],
    ],
  ],
  'edgekeep-watched': (folder, port, { key, origin }) => [
    process.execPath,
    [
      ...workerFlags,
      `${folder}/edge.mjs`,
      folder,
      ...[String(port), key, origin, String(originPort), String(secureOriginPort), 'watched'],
    ],
  ],
  bare: (folder, port, { key }) => [
    process.execPath,
    [...workerFlags, bareEntry, folder, String(port), key, String(originPort)],
  ],
  'bare-own': (folder, port, { key }) => [
    process.execPath,
    [...workerFlags, bareEntry, folder, String(port), key, String(originPort), 'own'],
  ],
  nginx: nginx('nginx', 1),
  'nginx-2': nginx('nginx-2', 2),
  haproxy(folder, port, setup) {
    const { key, origin } = setup
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
  timeout tunnel 300s
  server s ${originOf(setup)} pool-max-conn 256${origin === 'https' ? ' ssl verify none' : ''}
`,
    )
    return ['haproxy', ['-f', `${folder}/haproxy.cfg`]]
  },
  caddy(folder, port, setup) {
    const { key, origin } = setup
    const transport =
      origin === 'https' ? ' {\n    transport http {\n      tls_insecure_skip_verify\n    }\n  }' : ''
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
  reverse_proxy ${origin}://${originOf(setup)}${transport}
}
`,
    )
    return ['caddy', ['run', '--config', `${folder}/Caddyfile`, '--adapter', 'caddyfile']]
  },
  'local-ssl-proxy': (folder, port, { key }) => [
    process.execPath,
    [
      `${folder}/local-ssl-proxy/node_modules/local-ssl-proxy/build/main.js`,
      ...['--source', String(port), '--target', String(originPort)],
      ...['--key', `${folder}/${key}.key`, '--cert', `${folder}/${key}.crt`],
    ],
  ],
  portless: (folder, port, { key }) => [
    process.execPath,
    [`${folder}/portless/serve.mjs`, folder, String(port), key, String(originPort)],
  ],
  'http-proxy-3': (folder, port, setup) => [
    process.execPath,
    [
      `${folder}/http-proxy-3/serve.mjs`,
      folder,
      String(port),
      setup.key,
      `${setup.origin}://${originOf(setup)}`,
    ],
  ],
}

/** Comparable npm packages, installed into the folder of the run. */
export const fromNpm: Record<string, string> = {
  'local-ssl-proxy': '2.0.5',
  'http-proxy-3': '2.0.1',
  portless: '0.15.6',
}
/** Those that are libraries, with a program of this folder that serves with them. */
export const libraries = ['http-proxy-3', 'portless']

const withOneWorkerAlone = /idle|one after|load|websockets|handshake|swap/

/** Measures that a peer cannot run, or that are skipped for it. */
const unable: Record<string, RegExp> = {
  'edgekeep-2': withOneWorkerAlone,
  'nginx-2': withOneWorkerAlone,
  bare: /HTTPS origin|GiB, HTTP\/2|swap/,
  'bare-own': /HTTP\/1|HTTPS origin|GiB|websockets|handshake|swap/,
  haproxy: /swap/,
  caddy: /swap/,
  'local-ssl-proxy': /HTTP\/2|HTTPS origin|swap/,
  'http-proxy-3': /HTTP\/2|swap/,
  portless: /HTTPS origin|swap/,
}

export function canDo(name: string, measure: string): boolean {
  return !unable[name]?.test(measure)
}

export const peerNames = Object.keys(configurations)
