import type { Client } from '../client/client.ts'
import { EdgekeepError } from '../contract/errors.ts'
import type { GlobalOptions } from './command.ts'

export interface Session {
  client: Client
  /** False where no engine runs and this process opened the vault itself. */
  engineRuns: boolean
  /** The passphrase of the vault, where it was given to open it in this process or on standard input. */
  passphrase?: string | undefined
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
    const passphrase = await passphraseOf(client, options, { running: running !== null, needs })
    return await use({ client, engineRuns: running !== null, passphrase })
  } catch (error) {
    throw error instanceof EdgekeepError ? error : asEdgekeepError(error)
  } finally {
    await connection.close()
  }
}

async function passphraseOf(
  client: Client,
  options: GlobalOptions,
  { running, needs }: { running: boolean; needs: Needs },
): Promise<string | undefined> {
  if (running ? !options.vaultPasswordStdin : needs === 'facts') return undefined
  const { passphraseOnStdin, unlockHere } = await import('./input/vault-passphrase.ts')
  return running ? passphraseOnStdin(client) : unlockHere(client, options)
}
