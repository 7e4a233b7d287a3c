import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { quoted } from '../../platform/commands/shell.ts'
import type { TrustStore } from '../trust/stores/store.ts'

/** Name of the root's entry: text of a certificate never stands in a command to copy. */
const nickname = 'company-root'

/**
 * Step by which a person trusts a root of somebody else, saved as root.pem, in a store. Edgekeep itself adds
 * no root but its own, which is limited to names.
 */
export function foreignRootStep({ kind, title, location }: TrustStore): string {
  if (kind !== 'nss' && kind !== 'firefox') return `add root.pem to ${title} (${location})`
  const database = quoted(`sql:${location}`)
  const isThere = existsSync(join(location, 'cert9.db'))
  const create = isThere
    ? ''
    : `mkdir -p ${quoted(location)} && certutil -d ${database} -N --empty-password && `
  const close = kind === 'firefox' ? 'close Firefox, then ' : ''
  return `${close}${create}certutil -d ${database} -A -t C,, -n ${nickname} -i root.pem`
}
