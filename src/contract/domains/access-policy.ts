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

/** Without the password hash, which only the engine and the edge have. */
const shownUserSchema = z.strictObject({ name: userName })
/** A user without a password keeps the one stored for that name. */
const givenUserSchema = shownUserSchema.extend({ password: passwordSchema.optional() })
const storedUserSchema = shownUserSchema.extend({ passwordHash: z.string().max(256) })

/** Common fields of the three schemas. `users`: null without authentication; an empty list lets nobody in. */
function accessWith<U extends z.ZodType>(user: U) {
  return z.strictObject({
    /** Addresses and networks (CIDR) with access; null: all. */
    allow: z.array(z.string().max(64)).max(200).nullable().default(null),
    /** HTTP Basic authentication (RFC 7617). */
    users: z.array(user).max(50).nullable().default(null),
    realm: realm.default('Edgekeep'),
    /** Whether the Authorization field is forwarded to the origin. */
    forwardAuthorization: z.boolean().default(false),
  })
}
export const accessPolicySchema = accessWith(shownUserSchema)
export const givenAccessPolicySchema = accessWith(givenUserSchema)
export const storedAccessPolicySchema = accessWith(storedUserSchema)
export type AccessPolicy = z.infer<typeof accessPolicySchema>
export type GivenAccessPolicy = z.infer<typeof givenAccessPolicySchema>
export type StoredAccessPolicy = z.infer<typeof storedAccessPolicySchema>
