import { z } from 'zod'

/** What one authoritative name server says of a record that was set. */
export const askedServerSchema = z.object({
  /** Its name and the address that was asked, fit to be shown. */
  server: z.string(),
  /** `silent`: it does not answer for the zone. */
  state: z.enum(['found', 'missing', 'silent']),
  /** The values that it has, or why it is silent, fit to be shown; empty: it has no record. */
  says: z.string(),
})
export type AskedServer = z.infer<typeof askedServerSchema>

/** `ns2.example.com (192.0.2.2) says "old"`. */
export function serverInWords({ server, state, says }: AskedServer): string {
  if (state === 'found') return `${server} has it`
  if (state === 'silent') return `${server} does not answer (${says})`
  return says === '' ? `${server} has no such record` : `${server} says ${says}`
}
