import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { absoluteTime, relativeTime } from './times.ts'
import { useNow } from './use-now.ts'

/** A time as a person says it, `3 minutes ago`; the absolute time on hover. */
export function RelativeTime({ at }: { at: string }) {
  const { i18n } = useTranslation()
  const now = useNow()
  // What has just happened may be a moment ahead of the half-minute clock.
  const words = relativeTime(at, now, i18n.language)
  return (
    <Tooltip label={absoluteTime(at, i18n.language)}>
      <time dateTime={at}>{words}</time>
    </Tooltip>
  )
}
