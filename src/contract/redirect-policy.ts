import { z } from 'zod'

/** Where certificate authorities look for the answer to a challenge, over HTTP (RFC 8555, section 8.3). */
export const acmeChallengePath = '/.well-known/acme-challenge/*'

/** A path, or with `*` at its end every path that begins so. Visible ASCII without query and fragment. */
const pathRuleSchema = z
  .string()
  .max(512)
  .regex(/^\/[!"$-)+-;<=>@-~]*\*?$/, 'a path begins with "/" and has no query; "*" only at its end')
  .refine((path) => !/(^|\/)\.{1,2}(\/|\*?$)/.test(path), 'a path has no "." or ".." as a part')

/** What the redirect leaves alone. */
export const redirectPolicySchema = z.strictObject({
  except: z.array(pathRuleSchema).max(50).default([]),
})
export type RedirectPolicy = z.infer<typeof redirectPolicySchema>
