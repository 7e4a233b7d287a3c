import { z } from 'zod'

/** Whether the answers of a domain are looked through for what breaks under HTTPS. */
export const findingsPolicySchema = z.strictObject({ watch: z.boolean().default(false) })
