import type { IssuedRow, Vault } from '../../vault/vault.ts'

const actor = 'ACME client'
const defaultEveryMs = 300_000

/** Rows of the audit trail for revocations by ACME clients: one at once, then one for all of the next minutes. */
export interface RevocationTrail {
  /** Revokes and records it, in one change. */
  revoke(row: IssuedRow, reason: number): void
  /** Writes the row that is due. */
  close(): void
}

/** Clients can revoke hundreds of certificates a minute, and no row of the trail is ever removed. */
export function createRevocationTrail(of: {
  vault: Vault
  clock: () => Date
  failed: (error: unknown) => void
  everyMs?: number
}): RevocationTrail {
  const { vault, clock, failed, everyMs = defaultEveryMs } = of
  let timer: NodeJS.Timeout | undefined
  let unrecorded = 0

  function wait(): void {
    timer = setTimeout(() => {
      timer = undefined
      if (unrecorded === 0) return
      wait()
      recordMany()
    }, everyMs).unref()
  }

  function recordMany(): void {
    // A locked vault takes no rows; they are counted on until it is open.
    if (vault.protection.locked) return
    try {
      const after = { certificates: unrecorded }
      vault.change(() =>
        vault.audit.append({
          actor,
          action: 'acme-server.revocations',
          subject: 'acme-server',
          before: null,
          after,
        }),
      )
      unrecorded = 0
    } catch (error) {
      failed(error)
    }
  }

  return {
    revoke(row, reason) {
      const isFirst = timer === undefined
      vault.change(() => {
        vault.issued.revoke(row.serial, clock(), reason)
        if (!isFirst) return
        const fact = { name: row.title, fingerprintSha256: row.fingerprintSha256 }
        const after = { ...fact, reason, account: row.accountId } satisfies object
        vault.audit.append({ actor, action: 'issue.revoke', subject: row.serial, before: fact, after })
      })
      if (isFirst) wait()
      else unrecorded += 1
    },
    close() {
      clearTimeout(timer)
      timer = undefined
      if (unrecorded > 0) recordMany()
    },
  }
}
