import type { IssuedRow, Vault } from '../../vault/vault.ts'

const actor = 'ACME client'
const defaultEveryMs = 300_000

/** Audit rows for revocations by ACME clients: the first at once, then one per interval. */
export type RevocationTrail = ReturnType<typeof createRevocationTrail>

/** Batches rows: clients can revoke hundreds a minute, and rows of the trail are never removed. */
export function createRevocationTrail(of: {
  vault: Vault
  clock: () => Date
  failed: (error: unknown) => void
  everyMs?: number
}) {
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
    // A locked vault takes no rows; they accumulate until it is unlocked.
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
    /** Revokes and records the certificate in one transaction. */
    revoke(row: IssuedRow, reason: number) {
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
    /** Writes the pending row. */
    close() {
      clearTimeout(timer)
      timer = undefined
      if (unrecorded > 0) recordMany()
    },
  }
}
