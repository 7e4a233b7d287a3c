import { EdgekeepError } from '../../contract/errors.ts'
import type { SnapshotHead } from '../protocol/snapshot.ts'
import type { FromWorker, ListenRequest } from '../protocol/worker-protocol.ts'
import type { EdgeStatus } from './edge-status.ts'
import { nextFreePort, portOwner } from './port-owner.ts'

type Listening = Extract<FromWorker, { type: 'listening' }>
type ListenFailed = Extract<FromWorker, { type: 'listen-failed' }>

/** Who has a port that was asked for; null where that is free. */
export interface TakenBy {
  https: string | null
  http: string | null
}

/** The ports that were asked for, and those that workers are to listen on instead where they are taken. */
export class ListeningPorts {
  readonly #portTaken: 'fail' | 'next'
  #request: ListenRequest
  #wanted: ListenRequest

  constructor(wanted: ListenRequest, portTaken: 'fail' | 'next') {
    this.#portTaken = portTaken
    this.#request = wanted
    this.#wanted = wanted
  }

  /** What a worker that starts now listens on. */
  get request(): ListenRequest {
    return this.#request
  }

  want(listen: ListenRequest): void {
    this.#request = listen
    this.#wanted = listen
  }

  /** Keeps where a worker listens, and answers with that as the status has it. */
  keep({ https, http, addresses }: Listening, takenBy: TakenBy): Pick<EdgeStatus, 'https' | 'http'> {
    const { httpsPort, httpPort } = this.#wanted
    this.#request = { addresses: this.#request.addresses, httpsPort: https, httpPort: http }
    return {
      https: { port: https, wantedPort: httpsPort || https, addresses, takenBy: takenBy.https },
      http: { port: http, wantedPort: httpPort || http, addresses, takenBy: takenBy.http },
    }
  }

  /** Before a worker listens: what was asked for, where that is a certain port. */
  expected(publicPorts: SnapshotHead['publicPorts']): SnapshotHead['publicPorts'] {
    const { httpsPort, httpPort } = this.#request
    return { https: httpsPort || publicPorts.https, http: httpPort || publicPorts.http }
  }

  /**
   * Moves on to the next free port, if that is wanted, and notes in `takenBy` who has the one before.
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
