import { randomUUID } from 'node:crypto'
import { type UptimeTimer, uptimeTimer } from '../../clock/uptime-timer.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Intake } from '../../pki/intake/intake.ts'
import { scheduleGc } from '../core/schedule-gc.ts'

/*
 * Files that windows and commands have given, in memory between their calls: for an import (staging) and for
 * questions (inspection). Dropped files can hold keys, so each session is zeroed at the latest 15 minutes
 * after its last use, sleep included, and before that when its connection closes, when the vault is locked
 * and when the engine ends. Sessions are bounded for each connection, and in all: one connection that opens
 * many ends its own, not those of others.
 */

/** Lifetime since the last use. */
const idleMs = 15 * 60_000
/** More than the dialogs and tabs of one window have open; beyond it the oldest one ends. */
const mostOfOwner = 8
const mostInAll = 20

/** Connection of a window or a command. */
export type SessionOwner = symbol

type Use = 'import' | 'inspection'

export interface FileSession {
  intake: Intake
  use: Use
  /** Base names of inspected files, for the report. */
  names?: string[]
  /** Domain that an imported certificate is for. */
  domain?: string
}

export interface FileSessions {
  /**
   * Takes ownership of the intake, and zeroes it if the connection closed while its files were read.
   * @throws `staging.expired` for a closed connection
   */
  open(owner: SessionOwner, session: FileSession): string
  /**
   * Starts the lifetime anew.
   * @throws `staging.expired`
   */
  get(id: string, use: Use): FileSession
  end(id: string): void
  /** Ends the sessions of a closed connection. */
  endOf(owner: SessionOwner): void
  /** Ends all sessions and zeroes their keys. */
  wipe(): void
}

/** `now`: milliseconds that count sleep. */
export function createFileSessions(now?: () => number): FileSessions {
  const open = new Map<string, FileSession & { owner: SessionOwner; timer: UptimeTimer }>()
  const closedOwners = new WeakSet<SessionOwner>()

  function end(id: string): void {
    const found = open.get(id)
    if (!found) return
    found.timer.close()
    found.intake[Symbol.dispose]()
    open.delete(id)
    scheduleGc()
  }
  const idsOf = (owner: SessionOwner) => [...open].flatMap(([id, each]) => (each.owner === owner ? id : []))

  /** Ends the oldest session of the owner of the most. */
  function makeRoom(): void {
    const counts = [...Map.groupBy(open, ([, { owner }]) => owner).values()]
    const [oldest] = counts.toSorted((a, b) => b.length - a.length)[0] ?? []
    if (oldest) end(oldest[0])
  }

  return {
    open(owner, session) {
      if (closedOwners.has(owner)) {
        session.intake[Symbol.dispose]()
        throw new EdgekeepError('staging.expired', {})
      }
      const id = randomUUID()
      const timer = uptimeTimer(idleMs, () => end(id), now)
      open.set(id, { ...session, owner, timer })
      const [oldest, ...others] = idsOf(owner)
      if (oldest && others.length === mostOfOwner) end(oldest)
      if (open.size > mostInAll) makeRoom()
      return id
    },
    get(id, use) {
      const found = open.get(id)
      if (!found || found.use !== use || found.timer.isOver()) {
        if (found?.timer.isOver()) end(id)
        throw new EdgekeepError('staging.expired', {})
      }
      found.timer.refresh()
      return found
    },
    end,
    endOf(owner) {
      closedOwners.add(owner)
      idsOf(owner).forEach(end)
    },
    wipe: () => [...open.keys()].forEach(end),
  }
}
