import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { unitArgument, unitProgram } from '../domain/unit-argument.ts'

/*
 * A systemd user unit that runs the engine without a window. A user's systemd begins at login; with lingering
 * (loginctl(1)) it begins at boot and outlives the last session.
 */

export interface ServiceUnit {
  name: string
  path: string
  /** Content of the present file; null without one. */
  present: string | null
}

const mark = '# Written by Edgekeep. "edgekeep service remove" removes it.'
const lingering = '# Lingering was turned on with it.'

interface Environment {
  HOME?: string | undefined
  XDG_CONFIG_HOME?: string | undefined
  XDG_DATA_HOME?: string | undefined
}

/** Unit of a data folder; that of the default folder has the plain name. */
export function serviceUnit(environment: Environment, home: string, dataFolder: string): ServiceUnit {
  const data = environment.XDG_DATA_HOME || join(home, '.local', 'share')
  const digest = createHash('sha256').update(dataFolder).digest('hex').slice(0, 8)
  const name = dataFolder === join(data, 'edgekeep') ? 'edgekeep.service' : `edgekeep-${digest}.service`
  const config = environment.XDG_CONFIG_HOME
  const place = join(config && isAbsolute(config) ? config : join(home, '.config'), 'systemd', 'user')
  const path = join(place, name)
  return { name, path, present: existsSync(path) ? readFileSync(path, 'utf8') : null }
}

export function isOurs(text: string): boolean {
  return text.startsWith(`${mark}\n`)
}

/** Whether the unit's installation turned lingering on, so that its removal turns it off. */
export function hasLingering(text: string): boolean {
  return text.includes(`${lingering}\n`)
}

/**
 * Text of a unit that runs a command. A status of 0 (joined a running engine) is no failure; `KillMode=mixed`
 * sends SIGTERM to the command alone, which ends its engine in order.
 */
export function serviceText([program, ...words]: [string, ...string[]], turnsLingeringOn: boolean): string {
  return `${mark}
${turnsLingeringOn ? `${lingering}\n` : ''}[Unit]
Description=Edgekeep, a local HTTPS edge

[Service]
ExecStart=${[unitProgram(program), ...words.map(unitArgument)].join(' ')}
Restart=on-failure
RestartSec=5
KillMode=mixed
LimitCORE=0

[Install]
WantedBy=default.target
`
}
