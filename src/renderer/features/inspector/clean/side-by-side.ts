import type { CleanDiff } from '../../../../contract/inspect/certificate-facts.ts'

/** A row of the side-by-side diff: the input on the left, the servable form on the right. */
export type DiffRow =
  | { kind: 'file'; text: string }
  | { kind: 'kept'; text: string }
  | { kind: 'changed'; left: string | null; right: string | null }
  /** Folded unchanged lines. */
  | { kind: 'folded'; lines: string[] }

const shownAround = 2
const foldedFrom = 7

export function isUnchanged({ lines }: CleanDiff): boolean {
  return lines.every(({ change }) => change === 'kept' || change === 'file')
}

/** Rows of the diff; long unchanged stretches are folded. */
export function sideBySide({ lines }: CleanDiff): DiffRow[] {
  const rows: DiffRow[] = []
  let removed: string[] = []
  let added: string[] = []
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1)
      rows.push({ kind: 'changed', left: removed[at] ?? null, right: added[at] ?? null })
    removed = []
    added = []
  }
  for (const { change, text } of lines) {
    if (change === 'removed') removed.push(text)
    else if (change === 'added') added.push(text)
    else {
      flush()
      rows.push({ kind: change, text })
    }
  }
  flush()
  return folded(rows)
}

function folded(rows: DiffRow[]): DiffRow[] {
  const result: DiffRow[] = []
  let run: string[] = []
  const flush = () => {
    if (run.length < foldedFrom) result.push(...run.map(unchanged))
    else {
      const inner = run.slice(shownAround, -shownAround)
      result.push(...run.slice(0, shownAround).map(unchanged))
      result.push({ kind: 'folded', lines: inner })
      result.push(...run.slice(-shownAround).map(unchanged))
    }
    run = []
  }
  for (const row of rows) {
    if (row.kind === 'kept') run.push(row.text)
    else {
      flush()
      result.push(row)
    }
  }
  flush()
  return result
}

function unchanged(text: string): DiffRow {
  return { kind: 'kept', text }
}
