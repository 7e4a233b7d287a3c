import { z } from 'zod'

/** Lower-case hexadecimal without separators. */
export const hexSchema = z.string().regex(/^[0-9a-f]*$/)
