import { Option } from 'commander'

/** Options of commands that judge certificates: name, roots and time. */
export const hostOption = new Option('--host <name>', 'DNS name or IP address that it must be valid for')

export const rootsOption = new Option(
  '--roots <file>',
  "trust anchors instead of the public roots and this system's; can be repeated",
).argParser(collect)

export const atOption = new Option('--at <time>', 'time to check at (ISO 8601; default: now)')

export const logListOption = new Option(
  '--log-list <file>',
  'Chrome’s log_list.json (version 3) instead of the shipped list of transparency logs',
)

/** Parser for a repeatable option. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}
