import type { Client } from '../client/client.ts'
import { EdgekeepError } from '../contract/errors.ts'
import type { GlobalOptions } from './command.ts'

export interface Session {
  client: Client
  /** False where no engine runs and this process opened the vault itself. */
  engineRuns: boolean
}

/** Calls the running engine, or opens the vault here for the length of `use` when none runs. */
export async function withEngine<T>(
  { home }: GlobalOptions,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const [{ openHome, connectEngine, openInProcess }, { asEdgekeepError }] = await Promise.all([
    import('./engine-access.ts'),
    import('../client/client.ts'),
  ])
  const opened = openHome(home)
  const running = await connectEngine(opened)
  const connection = running ?? (await openInProcess(opened))
  try {
    return await use({ client: connection.client, engineRuns: running !== null })
  } catch (error) {
    throw error instanceof EdgekeepError ? error : asEdgekeepError(error)
  } finally {
    await connection.close()
  }
}
