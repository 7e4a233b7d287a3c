import { edgeSettingsDefaults } from '../../contract/engine/edge-settings.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { SnapshotHead } from '../protocol/snapshot.ts'
import type { FromWorker, ListenRequest } from '../protocol/worker-protocol.ts'
import type { EdgeStatus } from './edge-status.ts'
import { isPortFree, nextFreePort, portOwner, portTrouble } from './port-owner.ts'
import type { Ports, SupervisorOptions } from './supervisor-options.ts'

type Listener = NonNullable<EdgeStatus['https']>
type Listening = Extract<FromWorker, { type: 'listening' }>
type ListenFailed = Extract<FromWorker, { type: 'listen-failed' }>

export class ListeningPorts {
  readonly #portTaken: 'fail' | 'next'
  #request: ListenRequest
  #wanted: Ports

  constructor({ listen, inForce, portTaken }: Pick<SupervisorOptions, 'listen' | 'inForce' | 'portTaken'>) {
    this.#portTaken = portTaken
    this.#request = { ...listen, ...inForce }
    this.#wanted = listen
  }

  get request(): ListenRequest {
    return this.#request
  }

  get wanted(): Ports {
    const { httpsPort, httpPort } = this.#wanted
    return { httpsPort, httpPort }
  }

  /** `request`: the ports to begin with, if they are not the wanted ones. */
  want(wanted: Ports, request: Ports): void {
    this.#request = { ...this.#request, ...request }
    this.#wanted = wanted
  }

  async keep({ https, http, addresses }: Listening): Promise<Pick<EdgeStatus, 'https' | 'http'>> {
    const { httpsPort, httpPort } = this.#wanted
    this.#request = { addresses: this.#request.addresses, httpsPort: https, httpPort: http }
    const listener = (port: number, wantedPort: number) =>
      seenAgain({
        port,
        wantedPort,
        addresses,
        isTaken: port !== wantedPort,
        isForbidden: false,
        takenBy: null,
      })
    return {
      https: await listener(https, httpsPort || https),
      http: await listener(http, httpPort || http),
    }
  }

  /** Expected ports before a worker listens: the requested ones, if they are fixed. */
  expected(publicPorts: SnapshotHead['publicPorts']): SnapshotHead['publicPorts'] {
    const { httpsPort, httpPort } = this.#request
    return { https: httpsPort || publicPorts.https, http: httpPort || publicPorts.http }
  }

  /**
   * Moves on to the next free port, if allowed: for one that needs privileges, from the default port on.
   *
   * @throws {EdgekeepError} `edge.port_taken`, `edge.port_forbidden`
   */
  async makeWay({ code, port }: ListenFailed): Promise<void> {
    const { addresses, httpsPort, httpPort } = this.#request
    const listener = port === httpsPort ? 'https' : 'http'
    const setting = `${listener}Port` as const
    const isForbidden = code === 'EACCES'
    const above = isForbidden ? edgeSettingsDefaults[setting] - 1 : port
    const free = await nextFreePort(above, addresses, [listener === 'https' ? httpPort : httpsPort])
    if ((code !== 'EADDRINUSE' && !isForbidden) || this.#portTaken === 'fail' || free === undefined) {
      const data = { port, listener, nextFreePort: free } as const
      if (isForbidden) throw new EdgekeepError('edge.port_forbidden', data)
      const owner = await portOwner(port)
      throw new EdgekeepError('edge.port_taken', { ...data, owner })
    }
    this.#request = { ...this.#request, [setting]: free }
  }
}

/**
 * A listener with the present owner of its wanted port. A port that was seen to be free is not tried again: that
 * could take it from a program that starts.
 */
export async function seenAgain(listener: Listener): Promise<Listener> {
  const { port, wantedPort, addresses } = listener
  if (port === wantedPort) return listener
  const takenBy = (await portOwner(wantedPort)) ?? null
  const isTaken = takenBy !== null || (listener.isTaken && !(await isPortFree(wantedPort, addresses)))
  const trouble = isTaken && takenBy === null ? await portTrouble(wantedPort, []) : null
  return { ...listener, isTaken, isForbidden: trouble?.code === 'edge.port_forbidden', takenBy }
}
