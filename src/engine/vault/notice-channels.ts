import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { noticeChannelSchema, type NoticeSettings } from '../../contract/notices/notices.ts'
import { timeSchema } from '../../contract/shared/time.ts'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { SealedTableParts, VaultDatabase } from './database.ts'
import { noticeChannelsTable, type NoticeState } from './schema.ts'
import { seal, withUnsealed, type SealBinding } from './seal.ts'

const newState: NoticeState = { sent: [], attempts: 0, notBefore: null, last: null }

/** The seal does not cover the state: a malformed one counts as that of a new channel. */
const stateSchema: z.ZodType<NoticeState> = z.object({
  sent: z.array(z.string()),
  attempts: z.int().min(0),
  notBefore: timeSchema.nullable(),
  last: noticeChannelSchema.shape.last,
})

/** Without its sealed secret. */
export type NoticeChannelRow = Omit<typeof noticeChannelsTable.$inferSelect, 'sealed'>

export function noticeTableOf({ query }: VaultDatabase, { dataKey, clock, keyDeleted }: SealedTableParts) {
  const table = noticeChannelsTable
  const rows = () =>
    query
      .select()
      .from(table)
      .orderBy(table.createdAt)
      .all()
      .map((row) => ({ ...row, state: stateSchema.safeParse(row.state).data ?? newState }))
  const named = (reference: string) => rows().find(({ id, name }) => id === reference || name === reference)

  function channel(reference: string) {
    const found = named(reference)
    if (!found) throw new EdgekeepError('notice.not_found', { reference: echoOf(reference) })
    return found
  }

  return {
    list: (): NoticeChannelRow[] => rows().map(({ sealed: _, ...row }) => row),
    /**
     * Finds a channel by id or name.
     * @throws `notice.not_found`
     */
    find(reference: string): NoticeChannelRow {
      const { sealed: _, ...row } = channel(reference)
      return row
    },
    /** Seals also an empty secret, which authenticates the settings. @throws `notice.name_taken` */
    insert(row: Omit<NoticeChannelRow, 'createdAt' | 'state'>, secret: Buffer): void {
      if (named(row.name)) throw new EdgekeepError('notice.name_taken', { name: row.name })
      const sealed = seal(dataKey(), secret, noticeBinding(row))
      query
        .insert(table)
        .values({ ...row, sealed, state: newState, createdAt: clock().toISOString() })
        .run()
    },
    setState(id: string, state: NoticeState): void {
      query.update(table).set({ state }).where(eq(table.id, id)).run()
    },
    remove(id: string): void {
      query.delete(table).where(eq(table.id, id)).run()
      keyDeleted()
    },
    /**
     * Lends the secret, with the settings that it authenticates, and wipes it afterwards.
     * @throws `key.unsealable` if there is none or it does not open
     */
    withSecret<T>(id: string, use: (secret: Buffer, settings: NoticeSettings) => T): T {
      const row = channel(id)
      const named = { ...row, binding: noticeBinding(row) }
      return withUnsealed(dataKey(), named, (secret) => use(secret, row.settings))
    },
  }
}

/** Associated data that binds a channel's secret to its row and to its server. */
export function noticeBinding(row: { id: string; settings: NoticeSettings; place: string }): SealBinding {
  const { id, settings, place } = row
  return { table: 'notice_channels', row: `${id} ${place} ${JSON.stringify(settings)}`, spkiSha256: '' }
}
