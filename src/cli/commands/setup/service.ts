import { answer, group } from '../../frame/declare.ts'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { dirname } from 'node:path'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { openHome } from '../../../engine-process/home.ts'
import { hasLingering, isOwnService } from '../../../contract/engine/service-place.ts'
import { serviceText, serviceUnit, type ServiceUnit } from '../../../engine-process/service-unit.ts'
import { run } from '../../../platform/commands/host-environment.ts'
import {
  confirm,
  dryRunFlag,
  yesFlag,
  type DryRunOptions,
  type ErasureOptions,
} from '../../flags/confirmation.ts'
import type { GlobalOptions, Result } from '../../frame/command.ts'
import { printError } from '../../output/output.ts'

type ChangeOptions = ErasureOptions & DryRunOptions
type Call = [program: string, ...words: string[]]

export const serviceCommands = group(
  'service',
  'run Edgekeep at boot and without a window (Linux with systemd)',
  [
    answer('install', {
      summary: 'run Edgekeep as a systemd unit of yours, from boot on',
      about:
        'Run the engine and the edge, without a window, as a systemd unit of this user, from boot on. Shows the unit and the commands and asks first. Needs no administrator, unless the system asks for one before it lets your services run without a login.',
      flags: { ...yesFlag, ...dryRunFlag },
      examples: ['service install --dry-run', 'service install'],
      run: install,
    }),
    answer('status', {
      about: 'Show whether the systemd unit is installed, enabled and running.',
      examples: ['service status'],
      run: status,
    }),
    answer('remove', {
      about: 'Stop the systemd unit and remove it. The vault stays.',
      flags: { ...yesFlag, ...dryRunFlag },
      examples: ['service remove'],
      run: remove,
    }),
  ],
)

async function install(global: GlobalOptions, options: ChangeOptions): Promise<Result> {
  refuseControlCharacters(global.home ?? process.env['EDGEKEEP_HOME'] ?? '')
  const folder = openHome(global.home).folder
  refuseControlCharacters(folder)
  const unit = unitOf(folder)
  if (unit.present !== null && !isOwnService(unit.present))
    throw new EdgekeepError('service.unavailable', { reason: `${unit.name} exists and is not Edgekeep’s` })
  const turnsLingeringOn = (unit.present !== null && hasLingering(unit.present)) || !(await lingers())
  const text = serviceText(commandOf(folder), turnsLingeringOn)
  const calls: Call[] = [
    ['systemctl', '--user', 'daemon-reload'],
    ['systemctl', '--user', 'enable', unit.name],
    ['systemctl', '--user', 'restart', unit.name],
    ...(turnsLingeringOn ? [['loginctl', 'enable-linger'] satisfies Call] : []),
  ]
  const plan = [`Writes ${unit.path}:`, '', text.trimEnd(), '', ...shown(calls)].join('\n')
  return act(global, options, {
    plan,
    question: 'Install it?',
    calls,
    write: () => {
      mkdirSync(dirname(unit.path), { recursive: true })
      writeFileSync(unit.path, text)
    },
    done: `Installed. Edgekeep runs now and from boot on.${lockedAtBoot}`,
  })
}

const lockedAtBoot =
  ' With a vault under a passphrase, or in a keychain that opens with your login, HTTPS begins after "edgekeep unlock".'

async function remove(global: GlobalOptions, options: ChangeOptions): Promise<Result> {
  const unit = unitOf(openHome(global.home).folder)
  if (unit.present === null) return { data: { installed: false }, text: 'No unit of Edgekeep is installed.' }
  if (!isOwnService(unit.present))
    throw new EdgekeepError('service.unavailable', { reason: `${unit.name} is not Edgekeep’s` })
  const stops: Call[] = [['systemctl', '--user', 'disable', '--now', unit.name]]
  const after: Call[] = [
    ['systemctl', '--user', 'daemon-reload'],
    ...(hasLingering(unit.present) ? [['loginctl', 'disable-linger'] satisfies Call] : []),
  ]
  return act(global, options, {
    plan: [...shown(stops), `Removes ${unit.path}`, ...shown(after)].join('\n'),
    question: 'Remove it?',
    before: stops,
    calls: after,
    write: () => rmSync(unit.path),
    done: 'Removed. The vault stays.',
  })
}

interface Act {
  plan: string
  question: string
  before?: Call[]
  write: () => void
  calls: Call[]
  done: string
}

async function act({ json }: GlobalOptions, options: ChangeOptions, change: Act): Promise<Result> {
  const { plan, question, before = [], write, calls, done } = change
  if (options.dryRun) return { data: { plan }, text: `${plan}\n\nNothing was changed.` }
  if (!json) printError(plan)
  if (!options.yes) await confirm(question)
  for (const call of before) await carryOut(call)
  write()
  for (const call of calls) await carryOut(call)
  return { data: {}, text: done }
}

async function status(global: GlobalOptions): Promise<Result> {
  const unit = unitOf(openHome(global.home).folder)
  const installed = unit.present !== null && isOwnService(unit.present)
  const say = async (...words: string[]) => (await run('systemctl', ['--user', ...words])).stdout.trim()
  const [enabled, active] = await Promise.all([say('is-enabled', unit.name), say('is-active', unit.name)])
  const [atBoot, runs] = [installed && enabled === 'enabled' && (await lingers()), active === 'active']
  const text = installed
    ? `${unit.path}\n${runs ? 'Running' : `Not running (${active || 'unknown'})`}; ${atBoot ? 'starts at boot' : 'does not start at boot'}.\nIts output: journalctl --user -u ${unit.name}`
    : 'No unit of Edgekeep is installed. To install one: edgekeep service install'
  return {
    data: { installed, running: runs, atBoot, unit: unit.path },
    text,
    no: installed && runs ? undefined : new EdgekeepError('service.not_running', {}),
  }
}

function unitOf(folder: string): ServiceUnit {
  if (process.platform !== 'linux')
    throw new EdgekeepError('service.unavailable', { reason: 'only Linux has systemd' })
  if (process.env['APPIMAGE'])
    throw new EdgekeepError('service.unavailable', {
      reason: 'the files of an AppImage are gone once it ends; install the deb, the rpm or the npm package',
    })
  return serviceUnit(process.env, homedir(), folder)
}

/**
 * Refuses a data folder whose path would end a line of the unit, before it is made.
 * @throws `service.unavailable`
 */
function refuseControlCharacters(folder: string): void {
  if (/\p{Cc}/u.test(folder))
    throw new EdgekeepError('service.unavailable', {
      reason: 'the path of the data folder has a control character in it; choose another with --home',
    })
}

/** The launcher's own command, with `up` for this data folder. */
function commandOf(folder: string): [string, ...string[]] {
  const [, program = ''] = process.argv
  return [process.execPath, '--disable-sigusr1', program, '--home', folder, 'up', '--no-ui']
}

/** Whether this user's services run without a login: logind keeps a file for each such user. */
async function lingers(): Promise<boolean> {
  const { stdout } = await run('loginctl', ['show-user', userInfo().username, '--property=Linger'])
  return stdout.trim() === 'Linger=yes' || isNoted()
}

function isNoted(): boolean {
  try {
    readFileSync(`/var/lib/systemd/linger/${userInfo().username}`)
    return true
  } catch {
    return false
  }
}

function shown(calls: Call[]): string[] {
  return calls.map((call) => `Runs ${call.join(' ')}`)
}

/** @throws `service.failed` */
async function carryOut([program, ...words]: Call): Promise<void> {
  const { status: exit, stderr } = await run(program, words)
  if (exit === 0) return
  const command = [program, ...words].join(' ')
  const reason = stderr.trim().split('\n')[0] ?? ''
  throw new EdgekeepError('service.failed', { command, reason })
}
