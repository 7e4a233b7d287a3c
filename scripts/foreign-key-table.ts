/** What gives an object any string for a key, and why none of its keys comes from outside. */
export interface OpenTable {
  /** Relative to src. */
  file: string
  /** As it is written there, blanks in one. */
  text: string
  reason: string
}

const identifiers =
  'Keys are identifiers and digests that the engine makes; it crosses to the worker as an object.'
const fieldNames = 'Keys are names of fields of our own schemas.'

export const openTables: readonly OpenTable[] = [
  { file: 'cli/commands/domain/change-policies.ts', text: 'Object.fromEntries', reason: fieldNames },
  {
    file: 'cli/output/output.ts',
    text: 'Record<string, unknown>',
    reason: 'Written as JSON, and nothing is looked up in it.',
  },
  {
    file: 'contract/configuration.ts',
    text: 'z.record',
    reason: 'Walked from entry to entry; each key is judged as a domain.',
  },
  {
    file: 'engine/edge/channel/snapshot.ts',
    text: 'Record<string, ServingCertificate>',
    reason: identifiers,
  },
  { file: 'engine/edge/channel/snapshot.ts', text: 'Record<string, Staple>', reason: identifiers },
  {
    file: 'engine/edge/channel/worker-protocol.ts',
    text: 'Record<string, string | number | boolean>',
    reason: 'Fields of a log line, which are written and not looked up.',
  },
]
