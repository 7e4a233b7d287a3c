import { z } from 'zod'

/** Lower-case A-labels, exact (`shop.test`) or one-label wildcard (`*.shop.test`). The engine normalises. */
export const domainNameSchema = z.string().min(1).max(255)
