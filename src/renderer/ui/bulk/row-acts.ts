import type { PlannedRow, RowResult } from '../../../client/bulk-run.ts'
import type { Client } from '../../../client/client.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'

/** Acts of rows that one call carries out; the first of the rows with its key makes it. */
export function sharedActs() {
  const calls = new Map<string, Promise<RowResult>>()
  return (key: string, call: () => Promise<RowResult>) => ({
    act() {
      const begun = calls.get(key) ?? call()
      calls.set(key, begun)
      return begun
    },
    hasBegun: () => calls.has(key),
  })
}

/** Renews one certificate; a renewal that fails returns its sentence. */
export async function renew(client: Client, id: string): Promise<RowResult> {
  for await (const { outcome, message, code } of await client.renewal.renew({ ids: [id] }))
    return outcome === 'renewed' ? { text: message } : { text: message, failed: code ?? outcome }
  throw new EdgekeepError('engine.unreachable', { reason: 'the renewal ended before its end' })
}

/** Undo of the rows that are done, by the steps that `rows` were made of. */
export function undoBySteps<Step>(
  rows: readonly PlannedRow[],
  steps: readonly Step[],
  undo: (done: Step[]) => PlannedRow[],
): (done: readonly PlannedRow[]) => PlannedRow[] {
  const stepOf = new Map(rows.map((row, at) => [row, steps[at]]))
  return (done) => undo(done.flatMap((row) => stepOf.get(row) ?? []))
}
