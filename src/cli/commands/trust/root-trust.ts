import type { Client } from '../../../client/client.ts'
import type { GlobalOptions, Result } from '../../frame/command.ts'
import { changeTrust } from '../../changes/carry-out.ts'

/** Option of commands that remove the current root while trust stores of this computer may still have it. */
export const undoTrustFlag = {
  '--undo-trust': 'first remove the present root from every store that has it',
} as const

export async function storesWithRoot(client: Client): Promise<string[]> {
  if ((await client.authority.get()) === null) return []
  const { steps } = await client.trust.plan({ action: 'undo' })
  return steps.map(({ title }) => title)
}

/** Shows the undo, confirms and runs it; null if no store has a root. */
export async function undoRootTrust(
  client: Client,
  global: GlobalOptions,
  yes: boolean | undefined,
): Promise<Result | null> {
  if ((await client.authority.get()) === null) return null
  const { steps } = await client.trust.plan({ action: 'undo' })
  if (steps.length === 0) return null
  return changeTrust(client, global, {
    action: 'undo',
    yes,
    question: 'Take it out of them first?',
    nothing: '',
  })
}

export function formatTrustingStores(titles: string[]): string {
  return [
    `These still have the earlier root: ${titles.join(', ')}.`,
    'To put the new one in its place: edgekeep trust install',
    'To take it out: edgekeep trust undo',
  ].join('\n')
}
