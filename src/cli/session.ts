import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from '../client/client.ts'
import { agentPath } from '../contract/engine/control-address.ts'
import { EdgekeepError } from '../contract/errors/registry.ts'
import type { Connection } from '../engine-process/connect.ts'
import type { Home } from '../engine-process/home.ts'
import type { openInProcess } from '../engine-process/in-process.ts'
import type { GlobalOptions, Session } from './frame/command.ts'

/**
 * Access that a command needs: `facts` can be read while the vault is locked; an `agent` never unlocks it, and the
 * engine bounds its calls.
 */
type Needs = 'keys' | 'facts' | 'agent'

/**
 * Calls the running engine, or opens the vault in this process during `use` if none runs, and unlocks it if
 * keys are needed.
 */
export async function withEngine<T>(
  options: GlobalOptions,
  use: (session: Session) => Promise<T>,
  needs: Needs = 'keys',
): Promise<T> {
  const [{ openHome }, { connectEngine }, { openInProcess }, { asEdgekeepError }] = await Promise.all([
    import('../engine-process/home.ts'),
    import('../engine-process/connect.ts'),
    import('../engine-process/in-process.ts'),
    import('../client/client.ts'),
  ])
  const opened = openHome(options.home)
  const { connection, engineRuns } = await untilFree(async () => {
    const running = await connectEngine(opened, needs === 'agent' ? agentPath : undefined)
    const connection = running ?? (await openHere(opened, needs, openInProcess))
    return { connection, engineRuns: running !== null }
  })
  const { client } = connection
  try {
    const passphrase = await passphraseOf(client, options, { running: engineRuns, needs })
    return await use({ client, global: options, engineRuns, passphrase })
  } catch (error) {
    throw error instanceof EdgekeepError ? error : asEdgekeepError(error)
  } finally {
    await connection.close()
  }
}

type OpenInProcess = typeof openInProcess

/** Opens the vault in this process. Facts are readable on a full or read-only disk too. */
async function openHere(home: Home, needs: Needs, open: OpenInProcess): Promise<Connection> {
  if (needs === 'agent') return open(home, false, 'agent')
  try {
    return await open(home)
  } catch (error) {
    const isUnusable = error instanceof EdgekeepError && error.code === 'home.unusable'
    if (needs === 'keys' || !isUnusable) throw error
    return open(home, true).catch(() => {
      throw error
    })
  }
}

const busyWithinMs = 5_000
const againAfterMs = 100

/** Retries for some seconds while an engine has the vault but no socket, during its start or end. */
async function untilFree<T>(reach: () => Promise<T>): Promise<T> {
  const until = performance.now() + busyWithinMs
  for (;;) {
    try {
      return await reach()
    } catch (error) {
      const isBusy = error instanceof EdgekeepError && error.code === 'engine.busy'
      if (!isBusy || performance.now() > until) throw error
      await delay(againAfterMs)
    }
  }
}

async function passphraseOf(
  client: Client,
  options: GlobalOptions,
  { running, needs }: { running: boolean; needs: Needs },
): Promise<string | undefined> {
  if (needs === 'agent' || (running ? !options.vaultPasswordStdin : needs === 'facts')) return undefined
  const { passphraseOnStdin, unlockHere } = await import('./input/vault-passphrase.ts')
  return running ? passphraseOnStdin(client) : unlockHere(client, options)
}
