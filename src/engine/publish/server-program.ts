import { posix } from 'node:path'
import { type Host, HostFault, type Ran, reasonIn } from './hosts/host.ts'
import { kindOf } from './kinds/kinds.ts'
import type { ServerSetup } from './site/server-setup.ts'

/** Commands that a publication runs at the server, as a person would type them. */
export function commandsOf(setup: ServerSetup): string[] {
  const kind = kindOf(setup)
  const [program = ''] = kind.programs
  const reload = kind.reload(setup)
  const reads = kind.reads(setup)
  const test = kind.test(setup)
  const commands = [
    ...(Array.isArray(reads) ? [[program, ...reads]] : []),
    ...(test ? [[program, ...test]] : []),
    ...(reload && 'args' in reload ? [[program, ...reload.args]] : []),
    ...(reload && 'command' in reload ? [reload.command] : []),
  ]
  return commands.map((command) => asRoot(setup, command).join(' '))
}

/**
 * Reads the main configuration. One with a key is refused: servers repeat lines that they do not understand.
 * @throws `HostFault`
 */
export async function requireConfiguration(host: Host, { config }: ServerSetup): Promise<string> {
  const text = (await host.read(config))?.toString('utf8')
  if (text === undefined) throw new HostFault('its configuration is not there; name it with --config')
  return text
}

/**
 * Tests the configuration as the server would read it.
 * @throws `HostFault` with the server's own words
 */
export async function testConfiguration(host: Host, setup: ServerSetup): Promise<void> {
  await requireConfiguration(host, setup)
  const test = kindOf(setup).test(setup)
  if (test) await succeed(host, setup, test)
}

/**
 * Whether the person's configuration reads Edgekeep's folder; true where that cannot be known before.
 * @throws `HostFault`
 */
export async function readsFolder(host: Host, setup: ServerSetup): Promise<boolean> {
  const { file } = kindOf(setup)
  const reads = kindOf(setup).reads(setup)
  if (reads === null) return true
  if ('text' in reads) return (await requireConfiguration(host, setup)).includes(reads.text)
  return (await succeed(host, setup, reads)).output.includes(`${setup.current}/${file}`)
}

/** @throws `HostFault` */
export async function reloadServer(host: Host, setup: ServerSetup): Promise<void> {
  const reload = kindOf(setup).reload(setup)
  if (!reload) return
  if ('args' in reload) return void (await succeed(host, setup, reload.args))
  if ('command' in reload) return required(await host.run(asRoot(setup, reload.command)))
  if ('link' in reload) return await host.replaceLink(reload.link, reload.to)
  const answer = await host.ask(reload.socket, reload.line)
  if (!reload.success.test(answer)) throw new HostFault(reasonIn(answer) || 'The server did not confirm it.')
}

/** Folder below Edgekeep's that the server watches; null for one that is told to read again. */
export function watchedFolder(setup: ServerSetup): string | null {
  const reload = kindOf(setup).reload(setup)
  return reload && 'link' in reload ? posix.dirname(reload.link) : null
}

async function succeed(host: Host, setup: ServerSetup, args: string[]): Promise<Ran> {
  for (const program of kindOf(setup).programs) {
    const ran = await host.run(asRoot(setup, [program, ...args]))
    if (ran.status === 127) continue
    required(ran)
    return ran
  }
  throw new HostFault(`${kindOf(setup).programs.join(' or ')} is not installed there.`)
}

function asRoot({ sudo }: ServerSetup, command: string[]): string[] {
  return sudo ? ['sudo', '-n', ...command] : command
}

function required({ status, output }: Ran): void {
  if (status !== 0) throw new HostFault(reasonIn(output) || `It ended with ${status}.`)
}
