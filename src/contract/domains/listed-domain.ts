import type { z } from 'zod'
import { type Domain, domainSchema } from './domains.ts'
import { policiesSchema, setPoliciesSchema } from './policies.ts'

/** Domain of a list: of its policies those that are set, since most of ten thousand domains set none. */
export const listedDomainSchema = domainSchema.extend({ policies: setPoliciesSchema })
export type ListedDomain = z.infer<typeof listedDomainSchema>

const defaults = policiesSchema.parse({})

/** The domain with all of its policies. Those without any share one object. */
export function wholeDomain(listed: ListedDomain): Domain {
  const { policies } = listed
  const isPlain = Object.keys(policies).length === 0
  return { ...listed, policies: isPlain ? defaults : { ...defaults, ...policies } }
}
