/** Options of commands that judge certificates: name, roots and time. */
export const hostFlag = { '--host <name>': 'DNS name or IP address that it must be valid for' } as const
export const rootsFlag = {
  '--roots <file>': {
    about: "trust anchors instead of the public roots and this system's; can be repeated",
    parse: collect,
  },
  '--root-lists <file>': 'table of the roots that programs trust, instead of the shipped one',
} as const
export const atFlag = { '--at <time>': 'time to check at (ISO 8601; default: now)' } as const

export const logListFlag = {
  '--log-list <file>': 'Chrome’s log_list.json (version 3) instead of the shipped list of transparency logs',
} as const

export const completeFlag = {
  '--complete': 'get missing intermediates from the addresses that the certificates name (a network access)',
} as const

/** Parser for a repeatable option. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}
