import { z } from 'zod'
import { base } from '../shared/procedure-base.ts'
import { portSchema } from '../shared/port.ts'
import { timeSchema } from '../shared/time.ts'

const address = z.email().max(320)

/** Ways for notices to leave the program. What is secret (URL of a webhook, password) is given apart. */
export const noticeSettingsSchema = z.discriminatedUnion('kind', [
  /** JSON by POST. */
  z.object({ kind: z.literal('webhook') }),
  z.object({ kind: z.literal('slack') }),
  z.object({ kind: z.literal('dingtalk') }),
  z.object({
    kind: z.literal('email'),
    host: z.string().min(1).max(253),
    port: portSchema,
    /** `none` only for a server on this computer. */
    security: z.enum(['tls', 'starttls', 'none']),
    /** Null: without a login. */
    user: z.string().min(1).max(320).nullable(),
    from: address,
    to: z.array(address).min(1).max(20),
  }),
  /** Program that gets the JSON on its standard input. */
  z.object({ kind: z.literal('command'), command: z.array(z.string().min(1).max(4096)).min(1).max(20) }),
])
export type NoticeSettings = z.infer<typeof noticeSettingsSchema>
export type NoticeKind = NoticeSettings['kind']

export const noticeChannelSchema = z.object({
  id: z.string(),
  name: z.string(),
  settings: noticeSettingsSchema,
  /** Destination, without what is secret: the origin of a URL, a server, a program. */
  place: z.string(),
  createdAt: timeSchema,
  /** Last attempt; null before the first. */
  last: z.object({ at: timeSchema, ok: z.boolean(), sentence: z.string() }).nullable(),
})
export type NoticeChannel = z.infer<typeof noticeChannelSchema>

const byReference = z.object({ reference: z.string().min(1).max(200) })

export const noticesContract = {
  list: base.output(z.array(noticeChannelSchema)),
  /**
   * `secret`: the URL of a webhook, with the signing secret of a DingTalk robot in a second line; or the password
   * of a mail server.
   */
  add: base
    .input(
      z.object({
        name: z.string().trim().min(1).max(120),
        settings: noticeSettingsSchema,
        secret: z.string().max(4000).optional(),
      }),
    )
    .output(noticeChannelSchema),
  remove: base.input(byReference).output(z.object({ name: z.string() })),
  /** Sends a notice that says that it is a test (`notice.not_sent`). */
  test: base.input(byReference).output(z.object({ sentence: z.string() })),
}
