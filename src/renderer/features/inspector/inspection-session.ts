import { asEdgekeepError, type Client } from '../../../client/client.ts'
import type { IntakeReport } from '../../../contract/inspect/certificate-facts.ts'
import type { Inspected } from '../../../contract/inspect/procedures.ts'
import { packed } from '../../../contract/inspect/packed-files.ts'

export type InspectCalls = Omit<Client['inspect'], 'openings'>

/** Up to this number, files are sent one by one: encoding hundreds one by one would block the window. */
export const few = 30
const frames = (files: readonly File[]) => (files.length > few ? [packed([...files])] : [...files])

/**
 * Files that the engine has read, for questions by the session's id. The engine ends a session after 15
 * minutes without a question, and when the vault is locked; the next question opens it again from the file
 * handles. Then archives are locked again, because nobody keeps their passphrase.
 */
export class InspectionSession {
  #files: readonly File[] = []
  #opened: Promise<Inspected> | undefined
  /** The last change, so that changes happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  readonly #calls: InspectCalls

  constructor(calls: InspectCalls, files: readonly File[] = []) {
    this.#calls = calls
    this.#files = files
  }

  get files(): readonly File[] {
    return this.#files
  }

  /** Reads `more` together with the earlier files, the same file once. */
  add(more: File[]): Promise<IntakeReport> {
    return this.#inTurn(async () => {
      const all = distinct([...this.#files, ...more])
      const fresh = all.slice(this.#files.length)
      if (this.#files.length === 0 || fresh.length === 0) return this.#read(all)
      const { report } = await this.ask((sessionId) => this.#calls.add({ sessionId, files: frames(fresh) }))
      this.#files = all
      return report
    })
  }

  /** Tries the passphrase on every locked piece. Rejects when `signal` aborts. */
  unlock(passphrase: string, signal?: AbortSignal): Promise<IntakeReport> {
    return this.#inTurn(async () => {
      signal?.throwIfAborted()
      const { report } = await this.ask((sessionId) =>
        this.#calls.unlock({ sessionId, passphrase }, signal && { signal }),
      )
      return report
    })
  }

  async ask<T>(question: (sessionId: string) => Promise<T>): Promise<T> {
    const opened = (this.#opened ??= this.#open(this.#files))
    try {
      return await question((await opened).sessionId)
    } catch (error) {
      if (asEdgekeepError(error).code !== 'staging.expired') throw error
      if (this.#opened === opened) this.#opened = undefined
      const again = (this.#opened ??= this.#open(this.#files))
      return question((await again).sessionId)
    }
  }

  /** Ends the session in the engine once it is open. Failures are ignored: the engine ends it in time. */
  close(): void {
    void this.#inTurn(async () => {
      const { sessionId } = (await this.#opened) ?? {}
      if (sessionId !== undefined) await this.#calls.close({ sessionId })
    }).catch(() => undefined)
  }

  async #read(files: readonly File[]): Promise<IntakeReport> {
    const opened = this.#open(files)
    const { report } = await opened
    const before = await this.#opened?.catch(() => undefined)
    if (before) void this.#calls.close(before).catch(() => undefined)
    this.#opened = opened
    this.#files = files
    return report
  }

  #open(files: readonly File[]): Promise<Inspected> {
    const opened = this.#calls.open({ files: frames(files) })
    // A failed opening is tried again by the next question.
    opened.catch(() => this.#opened === opened && (this.#opened = undefined))
    return opened
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(act)
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}

function distinct(files: readonly File[]): File[] {
  const identity = (file: File) => `${file.name}\n${file.size}\n${file.lastModified}`
  return [...new Map(files.map((file) => [identity(file), file])).values()]
}
