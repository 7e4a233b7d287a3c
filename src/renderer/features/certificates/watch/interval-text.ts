import type { useTranslation } from 'react-i18next'

type Translate = ReturnType<typeof useTranslation<'watch'>>['t']

/** `10 minutes`, `6 hours`, `1 day`. */
export function intervalText(minutes: number, t: Translate): string {
  if (minutes % 1440 === 0) return t('days', { count: minutes / 1440 })
  return minutes % 60 === 0 ? t('hours', { count: minutes / 60 }) : t('minutes', { count: minutes })
}
