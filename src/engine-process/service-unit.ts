import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { lingeringMark, serviceMark, servicePlace } from '../contract/engine/service-place.ts'
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

/** Unit of a data folder. */
export function serviceUnit(...place: Parameters<typeof servicePlace>): ServiceUnit {
  const path = servicePlace(...place)
  return { name: basename(path), path, present: existsSync(path) ? readFileSync(path, 'utf8') : null }
}

/**
 * Text of a unit that runs a command. A status of 0 (joined a running engine) is no failure; `KillMode=mixed`
 * sends SIGTERM to the command alone, which ends its engine in order.
 */
export function serviceText([program, ...words]: [string, ...string[]], turnsLingeringOn: boolean): string {
  return `${serviceMark}
${turnsLingeringOn ? `${lingeringMark}\n` : ''}[Unit]
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
