import { Anchor } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const shownAtFirst = 8

/** List whose further items are collapsed. */
export function Shortened<T>(props: {
  items: readonly T[]
  children: (item: T, index: number) => ReactNode
}) {
  const { t } = useTranslation('intake')
  const [all, setAll] = useState(false)
  const { items, children } = props
  const hidden = all ? 0 : Math.max(0, items.length - shownAtFirst)
  return (
    <>
      {items.slice(0, items.length - hidden).map(children)}
      {hidden > 0 ? (
        <li>
          <Anchor component="button" type="button" size="xs" onClick={() => setAll(true)}>
            {t('more', { count: hidden })}
          </Anchor>
        </li>
      ) : null}
    </>
  )
}
