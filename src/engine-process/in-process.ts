import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '../client/client.ts'
import { portFrames } from '../client/port-frames.ts'
import type { Connection } from './connect.ts'
import { EdgekeepError } from '../contract/errors/registry.ts'
import type { Home } from './home.ts'
import { engineOfMovedHome } from './moved-home.ts'

/**
 * Opens the vault of `home` in this process, without an edge, for one command: the engine's own handlers
 * behind the same frames. `readOnly`: readable parts only, for a home that takes no writes.
 *
 * @throws all errors of opening the vault, `engine.busy` among them; `home.unusable` instead of making a new
 *   vault where an engine still runs on the one that was here
 */
export async function openInProcess(
  home: Home,
  readOnly = false,
  actor: 'command line' | 'agent' = 'command line',
): Promise<Connection> {
  if (!existsSync(join(home.folder, 'vault.db'))) requireNoMovedHome(home)
  const [{ createEngine, router }, { openLog }, { RPCHandler }] = await Promise.all([
    import('../engine/engine.ts'),
    import('../engine/core/log.ts'),
    import('@orpc/server/websocket'),
  ])
  const { log, close: closeLog } = openLog(home.logFolder, 'command')
  const engine = await createEngine({ folder: home.folder, edge: null, log, readOnly }).catch(
    (error: unknown) => {
      closeLog()
      throw error
    },
  )
  const { port1, port2 } = new MessageChannel()
  new RPCHandler(router).upgrade(portFrames(port2), { context: engine.contextFor(actor) })
  const frames = portFrames(port1)
  return {
    client: createClient(frames),
    frames,
    async close() {
      port1.close()
      await engine.close()
      closeLog()
    },
  }
}

function requireNoMovedHome({ folder }: Home): void {
  const pid = engineOfMovedHome(folder)
  if (pid === null) return
  const reason = `it was moved or deleted, and the engine that runs on it (process ${pid}) has not ended yet. Move it back, name its place with --home, or repeat the command in some seconds for a new folder`
  throw new EdgekeepError('home.unusable', { reason })
}
