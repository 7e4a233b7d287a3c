import { z } from 'zod'

const userName = z
  .string()
  .min(1)
  .max(64)
  // RFC 7617, section 2: no colon, no control character.
  .regex(/^[^:\p{Cc}]+$/u, 'a user name has no colon and no control character')

/** RFC 9110, section 5.6.4, without what would have to be escaped. */
const realm = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/, 'a realm is plain ASCII without quotes and backslashes')

const passwordSchema = z.string().min(8, 'a password has 8 characters or more').max(256)

/** A user as others see it. What keeps the password is known to the engine and the edge alone. */
const shownUserSchema = z.strictObject({ name: userName })
/** As it is set: without a password, the one that the domain has for this name stays. */
const givenUserSchema = shownUserSchema.extend({ password: passwordSchema.optional() })
/** As it is kept. */
const keptUserSchema = shownUserSchema.extend({ passwordHash: z.string().max(256) })

/** The rest is the same in all three. `users` is null where nobody is asked, and empty where nobody gets in. */
function accessWith<U extends z.ZodType>(user: U) {
  return z.strictObject({
    /** Addresses and networks (CIDR) that may ask; null lets all ask. */
    allow: z.array(z.string().max(64)).max(200).nullable().default(null),
    /** Who may ask, by HTTP's Basic authentication (RFC 7617). */
    users: z.array(user).max(50).nullable().default(null),
    realm: realm.default('Edgekeep'),
    /** Whether the origin is told the Authorization field of those who got in. */
    forwardAuthorization: z.boolean().default(false),
  })
}
export const accessPolicySchema = accessWith(shownUserSchema)
export const givenAccessPolicySchema = accessWith(givenUserSchema)
export const keptAccessPolicySchema = accessWith(keptUserSchema)
export type AccessPolicy = z.infer<typeof accessPolicySchema>
export type GivenAccessPolicy = z.infer<typeof givenAccessPolicySchema>
export type KeptAccessPolicy = z.infer<typeof keptAccessPolicySchema>
