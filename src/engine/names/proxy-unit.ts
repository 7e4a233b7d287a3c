import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import {
  isExecutable,
  programOf,
  systemPath,
  type HostEnvironment,
} from '../../platform/commands/host-environment.ts'
import { unitArgument } from '../../domain/unit-argument.ts'

/*
 * A free loopback port belongs to the first listener. systemd listens on it for this user from login to
 * logout and passes connections to a socket in Edgekeep's home, which no other user can open. While Edgekeep
 * does not run, each connection is closed at once.
 */

export interface ProxyUnit {
  place: string
  /** Null without a unit of Edgekeep. */
  port: number | null
  /** Clause with the reason why no unit is possible; null if one is. */
  obstacle: string | null
}

const socketName = 'edgekeep-proxy.socket'
const serviceName = 'edgekeep-proxy.service'
const mark = '# Written by Edgekeep. "edgekeep names undo --proxy-port" removes it.'
const relays = ['/usr/lib/systemd/systemd-socket-proxyd', '/lib/systemd/systemd-socket-proxyd']

export interface UnitFile {
  path: string
  text: string
}

/** Reads the unit's files only. */
export function lookAtProxyUnit(hostEnvironment: HostEnvironment): ProxyUnit {
  const { platform, env, home } = hostEnvironment
  const config = env.XDG_CONFIG_HOME
  const place = join(config && isAbsolute(config) ? config : join(home, '.config'), 'systemd', 'user')
  const text = textOf(join(place, socketName))
  const isOurs = text !== null && text.startsWith(`${mark}\n`)
  const port = isOurs
    ? Number(/^ListenStream=127\.0\.0\.1:(\d{1,5})$/m.exec(text)?.[1] ?? Number.NaN)
    : Number.NaN
  const runtime = env.XDG_RUNTIME_DIR
  const obstacle =
    platform !== 'linux'
      ? 'only Linux has systemd'
      : !runtime || !existsSync(join(runtime, 'systemd', 'private'))
        ? 'systemd runs no services for this user here'
        : text !== null && !isOurs
          ? `${join(place, socketName)} is not Edgekeep’s`
          : !relayIn(hostEnvironment) || !programOf(hostEnvironment, 'systemctl')
            ? 'systemctl or systemd-socket-proxyd is missing'
            : null
  return { place, port: Number.isInteger(port) ? port : null, obstacle }
}

function textOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

function relayIn(hostEnvironment: HostEnvironment): string | undefined {
  return relays.find((path) => isExecutable(systemPath(hostEnvironment, path)))
}

/** Files of the unit: systemd listens on `port` and relays to `socketPath`. */
export function proxyUnitFiles(
  hostEnvironment: HostEnvironment,
  { place, port, socketPath }: { place: string; port: number; socketPath: string },
): UnitFile[] {
  const socket = `${mark}
[Unit]
Description=Port of Edgekeep's PAC file and proxy

[Socket]
ListenStream=127.0.0.1:${port}
# Whoever connects often must not end it.
TriggerLimitIntervalSec=0

[Install]
WantedBy=sockets.target
`
  const service = `${mark}
[Unit]
Description=Relay to Edgekeep's PAC file and proxy
Requires=${socketName}
After=${socketName}
StartLimitIntervalSec=0

[Service]
ExecStart=${relayIn(hostEnvironment) ?? relays[0]} ${unitArgument(socketPath)}
`
  return [
    { path: join(place, serviceName), text: service },
    { path: join(place, socketName), text: socket },
  ]
}

export const proxyUnitCalls = {
  install: [
    ['--user', 'daemon-reload'],
    ['--user', 'enable', '--now', socketName],
  ],
  undo: [
    ['--user', 'disable', '--now', socketName],
    ['--user', 'stop', serviceName],
  ],
  afterUndo: [['--user', 'daemon-reload']],
} as const
