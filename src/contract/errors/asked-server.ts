import { z } from 'zod'

/** Answer of one authoritative name server for a record that was set. */
export const askedServerSchema = z.object({
  /** Name and queried address, safe to display. */
  server: z.string(),
  /** `silent`: it does not answer for the zone. */
  state: z.enum(['found', 'missing', 'silent']),
  /** Values of the record, or the reason for the silence, safe to display; empty: no record. */
  says: z.string(),
})
export type AskedServer = z.infer<typeof askedServerSchema>

/** `ns2.example.com (192.0.2.2) says "old"`. */
export function formatServerState({ server, state, says }: AskedServer): string {
  if (state === 'found') return `${server} has it`
  if (state === 'silent') return `${server} does not answer (${says})`
  return says === '' ? `${server} has no such record` : `${server} says ${says}`
}
