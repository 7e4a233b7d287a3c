import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { absoluteTime, relativeTime } from './times.ts'
import { useNow } from './use-now.ts'

/** Relative time (`3 minutes ago`), formatted by `say` if given, with the absolute time as tooltip. */
export function RelativeTime({ at, say }: { at: string; say?: (when: string) => string }) {
  const { i18n } = useTranslation()
  const now = useNow()
  const label = relativeTime(at, now, i18n.language)
  return (
    <Tooltip label={absoluteTime(at, i18n.language)}>
      <time dateTime={at}>{say ? say(label) : label}</time>
    </Tooltip>
  )
}
