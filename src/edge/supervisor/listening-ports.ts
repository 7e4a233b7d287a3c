import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { SnapshotHead } from '../protocol/snapshot.ts'
import type { FromWorker, ListenRequest } from '../protocol/worker-protocol.ts'
import type { EdgeStatus } from './edge-status.ts'
import { nextFreePort, portOwner } from './port-owner.ts'

type Listening = Extract<FromWorker, { type: 'listening' }>
type ListenFailed = Extract<FromWorker, { type: 'listen-failed' }>

/** Programs that hold the requested ports; null for a free port. */
export interface TakenBy {
  https: string | null
  http: string | null
}

export class ListeningPorts {
  readonly #portTaken: 'fail' | 'next'
  #request: ListenRequest
  #wanted: ListenRequest

  constructor(wanted: ListenRequest, portTaken: 'fail' | 'next') {
    this.#portTaken = portTaken
    this.#request = wanted
    this.#wanted = wanted
  }

  get request(): ListenRequest {
    return this.#request
  }

  want(listen: ListenRequest): void {
    this.#request = listen
    this.#wanted = listen
  }

  keep({ https, http, addresses }: Listening, takenBy: TakenBy): Pick<EdgeStatus, 'https' | 'http'> {
    const { httpsPort, httpPort } = this.#wanted
    this.#request = { addresses: this.#request.addresses, httpsPort: https, httpPort: http }
    return {
      https: { port: https, wantedPort: httpsPort || https, addresses, takenBy: takenBy.https },
      http: { port: http, wantedPort: httpPort || http, addresses, takenBy: takenBy.http },
    }
  }

  /** Expected ports before a worker listens: the requested ones, if they are fixed. */
  expected(publicPorts: SnapshotHead['publicPorts']): SnapshotHead['publicPorts'] {
    const { httpsPort, httpPort } = this.#request
    return { https: httpsPort || publicPorts.https, http: httpPort || publicPorts.http }
  }

  /**
   * Moves on to the next free port, if allowed, and notes the holder of the taken one in `takenBy`.
   *
   * @throws {EdgekeepError} `edge.port_taken`, `edge.port_forbidden`
   */
  async makeWay({ code, port }: ListenFailed, takenBy: TakenBy): Promise<void> {
    if (code === 'EACCES') throw new EdgekeepError('edge.port_forbidden', { port })
    const { addresses, httpsPort, httpPort } = this.#request
    const listener = port === httpsPort ? 'https' : 'http'
    const owner = await portOwner(port)
    const free = await nextFreePort(port, addresses, [listener === 'https' ? httpPort : httpsPort])
    if (code !== 'EADDRINUSE' || this.#portTaken === 'fail' || free === undefined) {
      throw new EdgekeepError('edge.port_taken', {
        port,
        listener,
        ...(owner === undefined ? {} : { owner }),
        ...(free === undefined ? {} : { nextFreePort: free }),
      })
    }
    takenBy[listener] = owner ?? 'another process'
    this.#request = { ...this.#request, [listener === 'https' ? 'httpsPort' : 'httpPort']: free }
  }
}
