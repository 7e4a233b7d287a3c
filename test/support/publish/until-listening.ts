import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const triesForListening = 600
const betweenTriesMs = 100

/** Waits until connections are accepted. */
export async function untilListening(
  place: { path: string } | { host: string; port: number },
): Promise<void> {
  for (let tries = triesForListening; ; tries -= 1) {
    const socket = connect(place as { path: string })
    try {
      return void (await once(socket, 'connect'))
    } catch (error) {
      if (tries === 0) throw error
      await pause(betweenTriesMs)
    } finally {
      socket.destroy()
    }
  }
}
