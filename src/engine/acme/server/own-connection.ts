import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { isOwnPeer } from '../../../platform/listeners/peer-user.ts'
import { AcmeProblem } from './problem.ts'

/*
 * Threat: another user of this computer listens at the port of a challenge, or at a free one that a redirect
 * leads to, and answers for names of others. Nothing is sent before the listening program is known to belong
 * to the engine's user or to root. Where the system does not identify users, the account binding has to
 * suffice.
 */

export const loopback = '127.0.0.1'
export const validationTimeoutMs = 10_000

/**
 * Connects to a loopback port where a program of this user or of root listens. The connection ends after ten
 * seconds.
 * @throws `AcmeProblem` of the types `connection` and `unauthorized`
 */
export async function connectToOwn(port: number): Promise<Socket> {
  const signal = AbortSignal.timeout(validationTimeoutMs)
  const socket = connect({ host: loopback, port, signal })
  // A reset may come before a caller listens for errors; it then finds the connection closed.
  socket.on('error', () => socket.destroy())
  try {
    await once(socket, 'connect')
    if ((await isOwnPeer(socket, signal)) === false) throw ofAnother(port)
    return socket
  } catch (error) {
    socket.destroy()
    throw unreachable(error as NodeJS.ErrnoException, port)
  }
}

function ofAnother(port: number): AcmeProblem {
  return new AcmeProblem(
    'unauthorized',
    `${loopback}:${port} is not known to be a program of the user who runs Edgekeep, or of root. No other program can answer a challenge.`,
  )
}

export function unreachable(error: NodeJS.ErrnoException, port: number): AcmeProblem {
  if (error instanceof AcmeProblem) return error
  const why =
    error.name === 'AbortError' || error.name === 'TimeoutError'
      ? 'no answer within ten seconds'
      : (error.code ?? 'no answer')
  return new AcmeProblem('connection', `${loopback}:${port} did not answer the challenge (${why}).`)
}
