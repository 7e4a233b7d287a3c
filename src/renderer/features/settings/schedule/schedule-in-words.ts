import type { TFunction } from 'i18next'
import type { BackupSchedule } from '../../../../contract/records.ts'

/** `Every day to /media/backups` */
export function scheduleInWords(
  t: TFunction<'settings'>,
  { everyHours, folder }: Pick<BackupSchedule, 'everyHours' | 'folder'>,
): string {
  if (everyHours === 24) return t('schedule.everyDay', { folder })
  if (everyHours % 24 === 0) return t('schedule.everyDays', { days: everyHours / 24, folder })
  return t('schedule.every', { count: everyHours, folder })
}
