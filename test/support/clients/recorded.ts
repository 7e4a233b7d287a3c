import { readFileSync, writeFileSync } from 'node:fs'

/** Answers of the programs, as `npm run conformance -- clients --record` writes them. */
export interface Recorded {
  programs: Record<string, { name: string; version: string; askedOn: string }>
  /** Answer by program, by case. */
  cases: Record<string, Record<string, string>>
}

const path = new URL('recorded.json', import.meta.url)

export function readRecorded(): Recorded {
  return JSON.parse(readFileSync(path, 'utf8')) as Recorded
}

export function writeRecorded(recorded: Recorded): void {
  writeFileSync(path, `${JSON.stringify(recorded, null, 1)}\n`)
}
