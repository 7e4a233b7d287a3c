import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../free-port.ts'

interface Ends {
  port: number
  origin: number
  folder: string
}

/** Configurations by program: the file's name, its text, and the arguments. */
type Configure = (ends: Ends) => { text: string; args: (file: string) => string[] }

/** Proxies that take HTTP/2 without TLS, and speak HTTP/1.1 to `origin`. */
export const behind: Record<string, Configure> = {
  nginx: ({ port, origin, folder }) => ({
    text: `daemon off; user root; pid ${folder}/pid; error_log stderr; events {}
http { access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; client_max_body_size 0;
server { listen 127.0.0.1:${port}; http2 on; location / { proxy_pass http://127.0.0.1:${origin}; proxy_http_version 1.1; } } }`,
    args: (file) => ['-p', folder, '-c', file],
  }),
  haproxy: ({ port, origin }) => ({
    text: `${haproxyHead}
listen all
  bind 127.0.0.1:${port} proto h2
  server origin 127.0.0.1:${origin}
`,
    args: (file) => ['-f', file],
  }),
  caddy: ({ port, origin }) => ({
    text: `{
  admin off
  auto_https off
  servers {
    protocols h1 h2 h2c
  }
}
http://127.0.0.1:${port}, http://localhost:${port} {
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:${origin}
}
`,
    args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
  }),
}

/** Proxies that take HTTP/1.1, and speak HTTP/2 over TLS to an edge at port `origin` that serves `localhost`. */
export const inFront: Record<string, Configure> = {
  haproxy: ({ port, origin, folder }) => ({
    text: `${haproxyHead}
listen all
  bind 127.0.0.1:${port}
  http-request set-header host localhost:${origin}
  server edge 127.0.0.1:${origin} ssl alpn h2 sni str(localhost) ca-file ${folder}/authority.pem
`,
    args: (file) => ['-f', file],
  }),
  caddy: ({ port, origin, folder }) => ({
    text: `{
  admin off
  auto_https off
}
http://127.0.0.1:${port} {
  bind 127.0.0.1
  reverse_proxy https://localhost:${origin} {
    header_up Host {upstream_hostport}
    transport http {
      versions 2
      tls_trusted_ca_certs ${folder}/authority.pem
    }
  }
}
`,
    args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
  }),
}

const haproxyHead = `defaults
  mode http
  timeout connect 30s
  timeout client 60s
  timeout server 60s`

/** Starts a proxy with its files in a folder of its own; `authorityPem` is whom it trusts. */
export async function startProxy(program: string, configure: Configure, origin: number, authorityPem = '') {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-proxy-'))
  writeFileSync(join(folder, 'authority.pem'), authorityPem)
  const port = await freePort()
  const { text, args } = configure({ port, origin, folder })
  const file = join(folder, 'configuration')
  writeFileSync(file, text)
  let errors = ''
  const child = spawn(program, args(file), { env: { ...process.env, HOME: folder } })
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()))
  const ended = new Promise((resolve) => child.once('close', resolve))
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${program} did not start: ${errors}`)
  }
  return {
    port,
    async close() {
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false))
  return promise.then(async (isOpen) => {
    socket.destroy()
    if (!isOpen) await new Promise((done) => setTimeout(done, 50))
    return isOpen
  })
}
