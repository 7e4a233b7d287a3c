import type { Client } from '../client/client.ts'
import { EdgekeepError } from '../contract/errors.ts'
import type { GlobalOptions } from './command.ts'

export interface Session {
  client: Client
  /** False where no engine runs and this process opened the vault itself. */
  engineRuns: boolean
  /** The passphrase of the vault, where it was given to open it in this process. */
  passphrase?: string
}

/** What a command is after: `facts` can be read while the vault is locked. */
type Needs = 'keys' | 'facts'

/**
 * Calls the running engine, or opens the vault here for the length of `use` when none runs, and
 * unlocks it here where keys are needed.
 */
export async function withEngine<T>(
  options: GlobalOptions,
  use: (session: Session) => Promise<T>,
  needs: Needs = 'keys',
): Promise<T> {
  const [{ openHome, connectEngine, openInProcess }, { asEdgekeepError }] = await Promise.all([
    import('./engine-access.ts'),
    import('../client/client.ts'),
  ])
  const opened = openHome(options.home)
  const running = await connectEngine(opened)
  const connection = running ?? (await openInProcess(opened))
  const { client } = connection
  try {
    if (running) return await use({ client, engineRuns: true })
    const passphrase = needs === 'keys' ? await unlockedHere(client, options) : undefined
    return await use({ client, engineRuns: false, passphrase })
  } catch (error) {
    throw error instanceof EdgekeepError ? error : asEdgekeepError(error)
  } finally {
    await connection.close()
  }
}

async function unlockedHere(client: Client, options: GlobalOptions): Promise<string | undefined> {
  const { unlockHere } = await import('./vault-passphrase.ts')
  return unlockHere(client, options)
}
