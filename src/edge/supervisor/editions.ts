import { wipedTogether } from '../../domain/secret-bytes.ts'
import { randomBytes } from 'node:crypto'
import type { Snapshot, SnapshotChange, SnapshotHead } from '../protocol/snapshot.ts'
import type { Edition, ListenRequest } from '../protocol/worker-protocol.ts'
import type { Reply } from './worker-process.ts'
import type { WorkerSlot } from './worker-slot.ts'

/**
 * Reason for replacing workers: one of their keys was `erased` from the vault, or the vault was `locked` and
 * the edge must serve nothing over HTTPS until it is unlocked.
 */
export type KeysLeaving = 'erased' | 'locked'

/** Source of snapshots in the engine. The keys in its results are copies for the caller to zero. */
export interface SnapshotSource {
  whole(): Snapshot
  /** Difference to the last result of `whole` or `change`; null if unknown. */
  change(): SnapshotDifference | null
  /** Whether keys in earlier results must leave the workers' memory; asked after a result is sent. */
  leavingKeys(): KeysLeaving | null
}

export interface SnapshotDifference {
  change: SnapshotChange
  /** A name no longer has its previous certificate. */
  endsSessions: boolean
}

/**
 * Numbers snapshots and sends each worker a change or a whole one. All workers share ticket keys and accept
 * each other's sessions. A swap makes new keys, so that no session continues under the old certificate.
 */
export class Editions {
  readonly #source: SnapshotSource
  readonly #publicPorts: (head: SnapshotHead) => SnapshotHead['publicPorts']
  readonly #ticketKeys = randomBytes(48)
  #edition = 0

  constructor(source: SnapshotSource, publicPorts: (head: SnapshotHead) => SnapshotHead['publicPorts']) {
    this.#source = source
    this.#publicPorts = publicPorts
  }

  async apply(slots: WorkerSlot[]): Promise<Reply[]> {
    return this.#give(slots, (slot, edition) => slot.apply(edition))
  }

  async start(slot: WorkerSlot, listen: ListenRequest, others: WorkerSlot[]): Promise<Reply> {
    const [reply] = await this.#give([slot, ...others], (each, edition) =>
      each === slot ? each.start(listen, edition) : each.apply(edition),
    )
    return reply ?? { type: 'exited' }
  }

  close(): void {
    this.#ticketKeys.fill(0)
  }

  async #give(
    slots: WorkerSlot[],
    send: (slot: WorkerSlot, edition: Edition) => { sent: Promise<void>; reply: Promise<Reply> },
  ): Promise<Reply[]> {
    const number = this.#edition + 1
    const difference = this.#source.change()
    const isChange = (slot: WorkerSlot) => difference !== null && slot.takesChangeTo(number)
    // No await in between, so the whole snapshot is the result of the change.
    const snapshot = slots.every(isChange) ? null : this.#source.whole()
    this.#edition = number
    if (difference?.endsSessions !== false) randomBytes(48).copy(this.#ticketKeys)
    const parts = [difference?.change, snapshot].filter((part) => part !== null && part !== undefined)
    const certificates = parts.flatMap((part) => Object.values(part.certificates))
    using _keys = wipedTogether(certificates.map(({ leafKeyPem }) => leafKeyPem))
    for (const part of parts) part.publicPorts = this.#publicPorts(part)
    const common = { edition: number, ticketKeys: this.#ticketKeys }
    const sendings = slots.map((slot) => {
      if (difference && isChange(slot)) return send(slot, { ...common, change: difference.change })
      return send(slot, { ...common, snapshot: snapshot as Snapshot })
    })
    await Promise.all(sendings.map(({ sent }) => sent))
    return await Promise.all(sendings.map(({ reply }) => reply))
  }
}
