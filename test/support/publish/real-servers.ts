import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { TargetKind, TargetSettings } from '../../../src/contract/targets/targets.ts'
import { freePort } from '../free-port.ts'
import { waits } from '../waits.ts'
import type { NetworkNamespace } from './network-namespace.ts'

export interface RealServer {
  settings: Omit<TargetSettings, 'name'>
  folder: string
  address: string
  httpsPort: number
  httpPort: number
  /** Runs it, as an administrator would. */
  start(): Promise<void>
  stop(): Promise<void>
}

interface Place {
  folder: string
  /** Only address on which it listens. */
  address: string
  /** Main configuration, as a person wrote it. */
  config: string
  httpsPort: number
  httpPort: number
  /** Admin API of Caddy, page of the person in HAProxy. */
  extraPort: number
}

interface Start {
  program: string
  file: string
  text(place: Place): string
  args(place: Place): string[]
  control?(place: Place): string
  /** File that is there once it runs. */
  ready(place: Place): string | number
}

const apacheModules =
  'mpm_event authz_core ssl socache_shmcb headers alias proxy proxy_http proxy_wstunnel http2'.split(' ')

/** Kinds whose programs can be installed here. */
export type RealKind = Exclude<TargetKind, 'traefik' | 'kubernetes'>

const starts: Record<RealKind, Start> = {
  nginx: {
    program: 'nginx',
    file: 'nginx.conf',
    text: ({ folder }) => `pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 2; events {}
      http {
        access_log off; client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p;
        fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
        include person/*.conf;
        include ${folder}/edgekeep/current/*.conf;
      }`,
    args: ({ config }) => ['-e', 'stderr', '-c', config, '-g', 'daemon off;'],
    ready: ({ folder }) => join(folder, 'pid'),
  },
  haproxy: {
    program: 'haproxy',
    file: 'haproxy.cfg',
    text: ({ address, extraPort }) =>
      `global\n  log stderr local0\ndefaults\n  mode http\n  timeout client 5s\n  timeout server 5s\n  timeout connect 5s\nfrontend person\n  bind ${address}:${extraPort}\n`,
    args: ({ folder, config }) => [
      '-W',
      '-S',
      join(folder, 'm.sock'),
      '-f',
      config,
      '-f',
      `${folder}/edgekeep/current/`,
    ],
    control: ({ folder }) => join(folder, 'm.sock'),
    ready: ({ extraPort }) => extraPort,
  },
  caddy: {
    program: 'caddy',
    file: 'Caddyfile',
    text: ({ folder, address, httpsPort, httpPort, extraPort }) =>
      `{\n\tadmin ${address}:${extraPort}\n\tauto_https disable_redirects\n\thttp_port ${httpPort}\n\thttps_port ${httpsPort}\n\tskip_install_trust\n\tstorage file_system ${folder}/storage\n}\nimport ${folder}/person/*.caddy\nimport ${folder}/edgekeep/current/*.caddy\n`,
    args: ({ config }) => ['run', '--adapter', 'caddyfile', '--config', config],
    control: ({ address, extraPort }) => `${address}:${extraPort}`,
    ready: ({ extraPort }) => extraPort,
  },
  apache: {
    program: 'apache2',
    file: 'apache2.conf',
    text: ({ folder, address, httpsPort, httpPort }) =>
      [
        ...apacheModules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
        `ServerRoot ${folder}`,
        `DefaultRuntimeDir ${folder}`,
        `PidFile ${folder}/pid`,
        `ErrorLog ${folder}/error.log`,
        'ServerName localhost',
        'User www-data',
        'Group www-data',
        `Listen ${address}:${httpsPort}`,
        `Listen ${address}:${httpPort}`,
        `IncludeOptional ${folder}/person/*.conf`,
        `IncludeOptional ${folder}/edgekeep/current/*.conf`,
        '',
      ].join('\n'),
    args: ({ config }) => ['-f', config, '-D', 'FOREGROUND'],
    ready: ({ folder }) => join(folder, 'pid'),
  },
}

/** Programs of the kinds, for `absent`. */
export const programOf = (kind: RealKind): string => starts[kind].program

/** Server in a folder of its own, on loopback or in a network namespace. */
export async function realServer(
  kind: RealKind,
  folder: string,
  namespace?: NetworkNamespace,
): Promise<RealServer> {
  const address = namespace?.inside ?? '127.0.0.1'
  const [httpsPort, httpPort, extraPort] = [await freePort(), await freePort(), await freePort()]
  const { program, file, text, args, control, ready } = starts[kind]
  const place: Place = { folder, address, config: join(folder, file), httpsPort, httpPort, extraPort }
  mkdirSync(join(folder, 'person'))
  writeFileSync(place.config, text(place))
  let stop = async (): Promise<void> => undefined
  return {
    settings: {
      kind,
      config: place.config,
      sudo: false,
      ssh: [],
      bind: address,
      httpsPort,
      httpPort,
      ...(control && { control: control(place) }),
    },
    folder,
    address,
    httpsPort,
    httpPort,
    async start() {
      const { PATH = '' } = process.env
      const env = {
        ...process.env,
        PATH: `${PATH}:/usr/sbin`,
        HOME: folder,
        XDG_DATA_HOME: folder,
        XDG_CONFIG_HOME: folder,
      }
      const command = [program, ...args(place)] as const
      const [first, ...rest] = namespace ? namespace.within(command) : command
      const child = spawn(first, rest, { stdio: 'ignore', cwd: folder, env })
      stop = async () => {
        if (child.exitCode !== null || child.signalCode !== null) return
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      const at = ready(place)
      await vi.waitFor(async () => {
        if (typeof at === 'string') return void (existsSync(at) || fail(`${program} does not run`))
        await fetch(`http://${address}:${at}/`)
      }, waits)
    },
    stop: () => stop(),
  }
}

function fail(reason: string): never {
  throw new Error(reason)
}
