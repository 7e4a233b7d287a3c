/** An object type with arbitrary string keys, and the reason why none of its keys is foreign input. */
export interface OpenTable {
  /** Relative to src. */
  file: string
  /** Source text, white space collapsed. */
  text: string
  reason: string
}

const identifiers =
  'Keys are identifiers and digests that the engine makes; it crosses to the worker as an object.'
const fieldNames = 'Keys are names of fields of our own schemas.'

export const openTables: readonly OpenTable[] = [
  { file: 'cli/commands/domain/change-policies.ts', text: 'Object.fromEntries', reason: fieldNames },
  {
    file: 'cli/commands/import/import.ts',
    text: 'Object.fromEntries',
    reason: 'Sent to the engine and printed, and nothing is looked up in it.',
  },
  {
    file: 'cli/frame/command.ts',
    text: 'Record<string, unknown>',
    reason: 'Written as JSON, and nothing is looked up in it.',
  },
  {
    file: 'contract/domains/configuration.ts',
    text: 'z.record',
    reason: 'Walked from entry to entry; each key is judged as a domain.',
  },
  {
    file: 'engine/core/procedures.ts',
    text: 'Record<string, never>',
    reason: 'Type of an empty result.',
  },
  {
    file: 'engine/import/program-setup.ts',
    text: 'Object.fromEntries',
    reason: 'Parsed by the schema of the configuration; each key is judged as a domain.',
  },
  {
    file: 'import/setup/sqlite-file.ts',
    text: 'Record<string, unknown>',
    reason: 'Keys are columns that the reader names.',
  },
  {
    file: 'import/traefik/traefik-files.ts',
    text: 'Object.fromEntries',
    reason: 'Read by schemas, or walked from entry to entry into maps.',
  },
  {
    file: 'edge/protocol/snapshot.ts',
    text: 'Record<string, ServingCertificate>',
    reason: identifiers,
  },
  {
    file: 'contract/develop/project-file.ts',
    text: 'z.record',
    reason: 'Walked from entry to entry; each key is judged as a domain.',
  },
  {
    file: 'engine/develop/project-configuration.ts',
    text: 'Object.fromEntries',
    reason: 'Walked from entry to entry; each key is judged as a domain.',
  },
  { file: 'edge/protocol/snapshot.ts', text: 'Record<string, Staple>', reason: identifiers },
  {
    file: 'edge/protocol/worker-protocol.ts',
    text: 'Record<string, string | number | boolean>',
    reason: 'Fields of a log line, which are written and not looked up.',
  },
  {
    file: 'engine/names/pac.ts',
    text: 'Object.fromEntries',
    reason: 'Written into the file as text, where names are looked up as properties of its own.',
  },
  {
    file: 'engine/serving/serving.ts',
    text: 'Record<string, ServingCertificate>',
    reason: identifiers,
  },
  { file: 'engine/serving/serving.ts', text: 'Record<string, Staple>', reason: identifiers },
  { file: 'engine/serving/needs.ts', text: 'Record<string, Staple>', reason: identifiers },
  { file: 'engine/serving/stapling.ts', text: 'Object.fromEntries', reason: identifiers },
  {
    file: 'engine/inspect-only.ts',
    text: 'Object.fromEntries',
    reason: 'Keys are names of procedures of our own contract.',
  },
  {
    file: 'edge/supervisor/worker-process.ts',
    text: 'Object.fromEntries',
    reason: 'The environment of a worker, by names that are written there.',
  },
  {
    file: 'engine/acme/server/request.ts',
    text: 'Record<string, string>',
    reason: 'Header fields of ours, which are sent and not looked up.',
  },
  {
    file: 'engine/configuration/configuration-plan.ts',
    text: 'Record<string, string | number | boolean | null>',
    reason: fieldNames,
  },
  {
    file: 'engine/configuration/configuration-plan.ts',
    text: 'Record<string, V>',
    reason: fieldNames,
  },
  {
    file: 'engine/configuration/configuration-plan.ts',
    text: 'Object.fromEntries',
    reason: fieldNames,
  },
  {
    file: 'engine/configuration/configuration.ts',
    text: 'Object.fromEntries',
    reason: 'Written as YAML, and nothing is looked up in it.',
  },
  {
    file: 'engine/usage/store.ts',
    text: 'Record<string, number | string>',
    reason: 'A row of our own table, by its columns.',
  },
  {
    file: 'engine/domains/policy-passwords.ts',
    text: 'Object.fromEntries',
    reason: 'Sections of our own policies.',
  },
  {
    file: 'engine/vault/domains.ts',
    text: 'Object.fromEntries',
    reason: 'Placeholders of our own table, by its columns.',
  },
  {
    file: 'engine/vault/audit.ts',
    text: 'Object.fromEntries',
    reason: 'A row of our own table, by its columns.',
  },
  {
    file: 'pki/asn1/object-identifiers.ts',
    text: 'Record<string, string>',
    reason: 'Literals of that file, made into a Map at once.',
  },
  {
    file: 'pki/preflight/evaluate.ts',
    text: 'facts[fact as keyof PreflightFacts]',
    reason: 'Facts that the rules of our own packs name.',
  },
  { file: 'engine/vault/audit.ts', text: 'readonly [name: string]: AuditValue', reason: fieldNames },
  {
    file: 'engine/vault/backup/schedule.ts',
    text: 'Record<string, string | number | boolean>',
    reason: fieldNames,
  },
  {
    file: 'web/window-headers.ts',
    text: 'Record<string, string>',
    reason: 'Header fields of ours, which are sent and not looked up.',
  },
]
