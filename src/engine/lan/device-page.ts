import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type DevicePageEvent, devicePageEventSchema } from '../../contract/lan/device-page.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { chosenAddress } from './lan-address.ts'
import type { LanNeeds } from './needs.ts'

/** Longest line of the command with an event. */
const mostLineBytes = 16 * 1024

/**
 * Runs "edgekeep trust device", whose listener faces the network, so that it is not in the process of the vault.
 * It ends with the call.
 * @throws `authority.none`, `vault.locked`, `edge.not_running`, `engine.failed`, and as `chosenAddress`
 */
export async function* serveDevicePage(
  parts: LanNeeds,
  input: { address?: string },
  signal?: AbortSignal,
): AsyncGenerator<DevicePageEvent> {
  if (!parts.vault.authority.get()) throw new EdgekeepError('authority.none', {})
  if (parts.vault.protection.locked)
    throw new EdgekeepError('vault.locked', { reason: 'the page needs a certificate of the local authority' })
  const address = chosenAddress(input.address)
  if (parts.commandEntry === null) throw new EdgekeepError('edge.not_running', {})
  const child = startCommand(parts.folder, parts.commandEntry, [
    '--json',
    'trust',
    'device',
    '--address',
    address,
  ])
  const end = () => child.kill()
  signal?.addEventListener('abort', end, { once: true })
  try {
    let isUp = false
    for await (const line of createInterface({ input: child.stderr })) {
      const event = eventIn(line)
      if (event) yield event
      isUp ||= event?.type === 'page'
    }
    if (!isUp && !signal?.aborted)
      throw new EdgekeepError('engine.failed', {}, { cause: 'no page for devices' })
  } finally {
    signal?.removeEventListener('abort', end)
    end()
  }
}

/** The channel is its lifeline: it ends when this engine does. */
function startCommand(folder: string, entry: string, args: string[]) {
  const { PATH, HOME, LANG, SystemRoot, TEMP, TMPDIR } = process.env
  const child = spawn(process.execPath, ['--disable-sigusr1', entry, '--home', folder, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { PATH, HOME, LANG, SystemRoot, TEMP, TMPDIR },
    windowsHide: true,
  })
  // Its output then ends at once.
  child.on('error', () => undefined)
  const { stderr } = child
  if (!stderr) throw new Error('The command has no standard error.')
  return { stderr, kill: () => void child.kill('SIGKILL') }
}

function eventIn(line: string): DevicePageEvent | null {
  if (line.length > mostLineBytes || !line.startsWith('{')) return null
  return devicePageEventSchema.safeParse(JSON.parse(line)).data ?? null
}
