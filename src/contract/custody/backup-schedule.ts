import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'

export const backupRunSchema = z.object({
  at: timeSchema,
  ok: z.boolean(),
  /** File name of the copy, or the reason why there is none: a sentence. */
  summary: z.string(),
})

export const backupScheduleSchema = z.object({
  /** Absolute path of an existing folder. */
  folder: z.string().min(1).max(4096),
  everyHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 31),
  /** Number of copies to keep; older ones of this vault are deleted. */
  keep: z.number().int().min(1).max(1000),
})
export type BackupSchedule = z.infer<typeof backupScheduleSchema>

export const scheduledBackupSchema = backupScheduleSchema.extend({
  lastRun: backupRunSchema.nullable(),
  nextAt: timeSchema,
})
export type ScheduledBackup = z.infer<typeof scheduledBackupSchema>
