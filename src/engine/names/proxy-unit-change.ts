import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { TrustAction, TrustStep } from '../../contract/trust/trust.ts'
import { lookAtProxyUnit, proxyUnitCalls, proxyUnitFiles, type UnitFile } from './proxy-unit.ts'
import { fileSentence } from '../trust/stores/store.ts'
import { programOf, run, type HostEnvironment } from '../../platform/commands/host-environment.ts'
import type { NamesNeeds } from './needs.ts'
import { proxyPort } from '../core/settings.ts'
import { type Change, recordChange, type Result } from '../changes/changes.ts'
import { hostEnvironmentOf } from '../trust/atlas.ts'
import { openProxy, proxySocketPath } from './proxy.ts'

/** Installs or removes the systemd unit that reserves the proxy's port; none if up to date. */
export function proxyUnitChanges(parts: NamesNeeds, action: TrustAction): Change[] {
  const hostEnvironment = hostEnvironmentOf(parts)
  const { place, port: installed, obstacle: reason } = lookAtProxyUnit(hostEnvironment)
  const storedPort = proxyPort.read(parts.vault)
  const isInstall = action === 'install'
  if (isInstall ? installed !== null && installed === storedPort : installed === null) return []
  const port = isInstall ? storedPort : installed
  const socketPath = proxySocketPath(parts)
  const obstacle =
    isInstall && storedPort === null
      ? 'the proxy has no port yet: give it one with "edgekeep names proxy --port 8888"'
      : socketPath === null
        ? 'the path of Edgekeep’s home is too long for a socket'
        : reason
  const files = proxyUnitFiles(hostEnvironment, { place, port: port ?? 0, socketPath: socketPath ?? '' })
  const step: TrustStep = {
    store: 'proxy-port',
    title: 'the port of the PAC file',
    location: place,
    change: isInstall
      ? `Has systemd listen on port ${port} of the loopback from login to logout, so that no other user can take it while Edgekeep is not running. Connections are passed to a socket in Edgekeep’s home.`
      : `Systemd no longer listens on port ${port}.`,
    elevated: false,
    commands: obstacle === null ? commandsOf(action, files) : null,
    obstacle: obstacle === null ? null : { sentence: `${capitalised(obstacle)}.`, command: null },
  }
  return [{ step, act: () => changed(parts, { step, action, files, port, hostEnvironment }) }]
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Equivalent shell commands. */
function commandsOf(action: TrustAction, files: UnitFile[]): string {
  const calls = (list: readonly (readonly string[])[]) => list.map((words) => `systemctl ${words.join(' ')}`)
  const lines =
    action === 'install'
      ? [
          ...files.map(({ path, text }) => `cat > '${path}' <<'END'\n${text}END`),
          ...calls(proxyUnitCalls.install),
        ]
      : [
          ...calls(proxyUnitCalls.undo),
          ...files.map(({ path }) => `rm '${path}'`),
          ...calls(proxyUnitCalls.afterUndo),
        ]
  return lines.join('\n')
}

interface Planned {
  step: TrustStep
  action: TrustAction
  files: UnitFile[]
  port: number | null
  hostEnvironment: HostEnvironment
}

async function changed(parts: NamesNeeds, planned: Planned): Promise<Result> {
  const { step, action, port } = planned
  if (step.obstacle) return { outcome: 'failed', sentence: step.obstacle.sentence }
  // systemd can listen only after the engine has released the port.
  await parts.proxy.close()
  const trouble = action === 'install' ? await install(planned) : await undo(planned)
  const reopening = await reopen(parts)
  if (trouble !== null || reopening !== null)
    return { outcome: 'failed', sentence: trouble ?? reopening ?? '' }
  await recordChange(parts, {
    action: `names.${action}`,
    subject: step.location,
    before: { port: action === 'install' ? null : port },
    after: { port: action === 'install' ? port : null },
  })
  return action === 'install'
    ? { outcome: 'done', sentence: `Systemd listens on port ${port}, also while Edgekeep is not running.` }
    : { outcome: 'exact', sentence: `Systemd no longer listens on port ${port}.` }
}

/** Reopens the proxy on its port or socket. Null, or the reason of a failure. */
async function reopen(parts: NamesNeeds): Promise<string | null> {
  const storedPort = proxyPort.read(parts.vault)
  if (storedPort === null || !parts.supervisor) return null
  try {
    await openProxy(parts, storedPort)
    return null
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    return error.message
  }
}

/** Null, or the reason of a failure after a rollback. */
async function install({ files, hostEnvironment }: Planned): Promise<string | null> {
  try {
    mkdirSync(lookAtProxyUnit(hostEnvironment).place, { recursive: true })
    for (const { path, text } of files) writeFileSync(path, text)
  } catch (error) {
    return fileSentence(error, lookAtProxyUnit(hostEnvironment).place)
  }
  const trouble = await systemctl(hostEnvironment, proxyUnitCalls.install)
  if (trouble !== null) await undo({ files, hostEnvironment })
  return trouble
}

async function undo({
  files,
  hostEnvironment,
}: Pick<Planned, 'files' | 'hostEnvironment'>): Promise<string | null> {
  // The unit may have stopped already; it only matters that its files are gone and systemd has reloaded.
  await systemctl(hostEnvironment, proxyUnitCalls.undo)
  try {
    for (const { path } of files) rmSync(path, { force: true })
  } catch (error) {
    return fileSentence(error, lookAtProxyUnit(hostEnvironment).place)
  }
  return systemctl(hostEnvironment, proxyUnitCalls.afterUndo)
}

async function systemctl(
  hostEnvironment: HostEnvironment,
  calls: readonly (readonly string[])[],
): Promise<string | null> {
  const program = programOf(hostEnvironment, 'systemctl')
  if (program === undefined) return 'systemctl is missing.'
  for (const args of calls) {
    const { status, stderr } = await run(program, args, { env: hostEnvironment.env })
    if (status !== 0) return `systemctl ${args.join(' ')} failed: ${stderr.trim().slice(0, 500)}`
  }
  return null
}
