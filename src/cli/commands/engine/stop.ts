import { all, answer } from '../../frame/declare.ts'
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Home } from '../../../engine-process/home.ts'
import type { GlobalOptions, Result } from '../../frame/command.ts'
import { statusLines } from '../../output/status-lines.ts'

/** A system keychain may ask the person before the next engine opens the vault. */
const patientMs = 120_000
const betweenLooksMs = 100

export const stopCommands = all([
  answer('stop', {
    summary: 'stop the engine and the edge',
    about:
      'Stop the engine and the edge, wherever they were started: in a terminal ("edgekeep up") or by the desktop app, which ends too. Nothing is erased.',
    examples: ['stop'],
    run: stop,
  }),
  answer('restart', {
    summary: 'stop the engine and start it again',
    about:
      'Stop the engine and start it again where it was started, with the stored settings. A vault with a passphrase is locked afterwards.',
    examples: ['restart'],
    run: restart,
  }),
])

async function stop(global: GlobalOptions): Promise<Result> {
  const { home, pid } = await endEngine(global, false)
  if (pid === null) return { data: { stopped: false }, text: 'Edgekeep is not running.' }
  await until(async () => !isAlive(pid) && (await engineOf(home)) === null)
  return { data: { stopped: true }, text: 'Edgekeep has stopped.' }
}

async function restart(global: GlobalOptions): Promise<Result> {
  const { home, pid } = await endEngine(global, true)
  if (pid === null) throw new EdgekeepError('engine.unreachable', { reason: 'it is not running' })
  const status = await until(async () => {
    const found = await engineOf(home)
    return found !== null && found.pid !== pid && found
  })
  return { data: { status }, text: ['Edgekeep is running again.', ...statusLines(status, global)].join('\n') }
}

/** Pid of the engine that ends; null if none runs. */
async function endEngine(
  global: GlobalOptions,
  isRestart: boolean,
): Promise<{ home: Home; pid: number | null }> {
  const [{ openHome }, { connectEngine }] = await Promise.all([
    import('../../../engine-process/home.ts'),
    import('../../../engine-process/connect.ts'),
  ])
  const home = openHome(global.home)
  const connection = await connectEngine(home)
  if (!connection) return { home, pid: null }
  try {
    const { pid } = await connection.client.engine.end({ restart: isRestart })
    return { home, pid }
  } finally {
    await connection.close()
  }
}

/** Null if no engine serves, or if it is about to start or end. */
async function engineOf(home: Home): Promise<EngineStatus | null> {
  const { connectEngine } = await import('../../../engine-process/connect.ts')
  try {
    const connection = await connectEngine(home)
    if (!connection) return null
    const status = await connection.client.engine.status()
    await connection.close()
    return status
  } catch {
    // The connection ends with the engine.
    return null
  }
}

/** @throws `engine.busy` after two minutes */
async function until<T>(look: () => Promise<T | false>): Promise<T> {
  const deadline = performance.now() + patientMs
  while (performance.now() < deadline) {
    const found = await look()
    if (found !== false) return found
    await delay(betweenLooksMs)
  }
  throw new EdgekeepError('engine.busy', {})
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
