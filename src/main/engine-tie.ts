import type { EdgekeepError } from '../contract/errors.ts'
import { openControlSocket } from '../launch/connect.ts'
import type { Home } from '../launch/home.ts'
import type { Installation } from '../launch/installation.ts'
import { keepEngine } from '../launch/keep-engine.ts'

/** The engine the desktop app shows: one that ran already, or one of its own. */
export interface EngineTie {
  /** Started by this app, and ended with it. */
  isOurs: boolean
  /** Resolves with the reason when the app's own engine cannot be brought back. */
  lost: Promise<EdgekeepError>
  /** Ends the app's own engine; leaves alone one that somebody else started. */
  end(): Promise<void>
}

export async function tieToEngine(home: Home, { engineEntry }: Installation): Promise<EngineTie> {
  const running = await openControlSocket(home)
  if (running) {
    running.close()
    return { isOurs: false, lost: new Promise(() => undefined), end: () => Promise.resolve() }
  }
  const kept = await keepEngine(home, { portTaken: 'next', engineEntry })
  return { isOurs: true, lost: kept.lost, end: () => kept.stop() }
}
