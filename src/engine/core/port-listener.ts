import { EdgekeepError } from '../../contract/errors/registry.ts'
import { createMutex } from '../../domain/mutex.ts'
import type { Log } from './log.ts'

interface Listening {
  readonly port: number
  close(): void | Promise<void>
}

/**
 * Listener of the engine on a port of the loopback: opened, moved to another port and closed here alone.
 * Another program on a port that is written into other programs' settings is found by the port watch.
 */
export class PortListener<L extends Listening> {
  /** Reason for not listening on the port of the setting; null otherwise. */
  problem: string | null = null
  readonly #log: Log
  readonly #name: string
  /** Serialises changes, each of which awaits the system between looking and acting. */
  readonly #inTurn = createMutex()
  #open: L | null = null

  /** `name` completes "could not be opened", such as `The DNS responder`. */
  constructor(log: Log, name: string) {
    this.#log = log
    this.#name = name
  }

  get current(): L | null {
    return this.#open
  }

  get port(): number | null {
    return this.#open?.port ?? null
  }

  readonly failed = (error: unknown): void => {
    this.#log.error({ err: error }, `${this.#name} failed at a request`)
  }

  /**
   * Opens the listener on `port`, or for 0 on any, unless it is open there. Before the new one listens, the
   * present one stays.
   * @throws `edge.port_taken`, `edge.port_forbidden`
   */
  open(port: number, start: () => Promise<L>): Promise<L> {
    return this.#inTurn(async () => {
      if (this.#open && (port === 0 || this.port === port)) return this.#open
      const next = await start().catch((error: NodeJS.ErrnoException) => {
        const code = error.code === 'EACCES' ? 'edge.port_forbidden' : 'edge.port_taken'
        throw new EdgekeepError(code, { port }, { cause: error })
      })
      await this.#close()
      this.#open = next
      return next
    })
  }

  /** Follows a setting: null closes. Never throws; `problem` has the reason of a failure. */
  follow(port: number | null, start: (port: number) => Promise<L>): Promise<void> {
    return this.#inTurn(async () => {
      if (this.port !== port) await this.#close()
      this.problem = null
      if (this.#open || port === null) return
      try {
        this.#open = await start(port)
      } catch (error) {
        this.problem = describeProblem(error, port)
        this.#log.error({ err: error, port }, `${this.#name} could not be opened`)
      }
    })
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#close())
  }

  async #close(): Promise<void> {
    const before = this.#open
    this.#open = null
    await before?.close()
  }
}

function describeProblem(error: unknown, port: number): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return `Port ${port} is in use by another program.`
  if (code === 'EACCES') return `Permission denied for port ${port}.`
  return `It cannot listen on port ${port} (${code ?? 'see the log'}).`
}
