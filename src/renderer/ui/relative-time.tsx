import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { absoluteTime, relativeTime } from './times.ts'
import { useNow } from './use-now.ts'

/** A time as a person says it, `3 minutes ago`, inside the sentence of `say` if given; the absolute time on hover. */
export function RelativeTime({ at, say }: { at: string; say?: (when: string) => string }) {
  const { i18n } = useTranslation()
  const now = useNow()
  const words = relativeTime(at, now, i18n.language)
  return (
    <Tooltip label={absoluteTime(at, i18n.language)}>
      <time dateTime={at}>{say ? say(words) : words}</time>
    </Tooltip>
  )
}
