import { randomBytes } from 'node:crypto'
import type { Snapshot, SnapshotChange, SnapshotHead } from '../protocol/snapshot.ts'
import type { Edition, ListenRequest } from '../protocol/worker-protocol.ts'
import type { KeysLeaving } from './worker-exchange.ts'
import type { Reply } from './worker-process.ts'
import type { WorkerSlot } from './worker-slot.ts'

/** What is to be served, as the engine knows it. The keys in what it gives are copies for the caller to zero. */
export interface SnapshotSource {
  /** All of it. */
  whole(): Snapshot
  /** What differs from what `whole` or `change` gave last, or null where that cannot be told. */
  change(): SnapshotDifference | null
  /** Whether keys that were given must leave the workers' memory; asked after what was given is sent. */
  leavingKeys(): KeysLeaving | null
}

export interface SnapshotDifference {
  change: SnapshotChange
  /** A name is no longer served with the certificate that it was served with. */
  endsSessions: boolean
}

/**
 * Numbers what is sent and gives each worker what it lacks: the change, or all of it. Every worker is
 * given the same ticket keys, so that they take each other's sessions, and new ones whenever a name
 * changes its certificate, so that no session goes on under an old one.
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

  /** Brings `slots` to what is now to be served; resolves with the answer of each. */
  async apply(slots: WorkerSlot[]): Promise<Reply[]> {
    return this.#give(slots, (slot, edition) => slot.apply(edition))
  }

  /** Starts the process of a slot; `others` are brought to the same edition. */
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
    // Nothing happens in between, so the whole is what the change leads to.
    const snapshot = slots.every(isChange) ? null : this.#source.whole()
    this.#edition = number
    if (difference?.endsSessions !== false) randomBytes(48).copy(this.#ticketKeys)
    const parts = [difference?.change, snapshot].filter((part) => part !== null && part !== undefined)
    try {
      for (const part of parts) part.publicPorts = this.#publicPorts(part)
      const common = { edition: number, ticketKeys: this.#ticketKeys }
      const sendings = slots.map((slot) => {
        if (difference && isChange(slot)) return send(slot, { ...common, change: difference.change })
        return send(slot, { ...common, snapshot: snapshot as Snapshot })
      })
      await Promise.all(sendings.map(({ sent }) => sent))
      return await Promise.all(sendings.map(({ reply }) => reply))
    } finally {
      for (const { certificates } of parts)
        for (const { leafKeyPem } of Object.values(certificates)) leafKeyPem.fill(0)
    }
  }
}
