import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useHindrances } from '../use-locked.ts'
import { labelSpaces, type Action, type Offered } from './action.ts'
import { offer } from './offers.ts'

/** Offers `action` to its key and the palette while the component is mounted. */
export function useOffer(
  action: Action,
  now: { act: () => void; label?: string | undefined; disabled?: boolean | undefined },
): Offered {
  const { t } = useTranslation(labelSpaces)
  const label = now.label ?? t(action.label)
  const hindrance = useHindrances()(action)
  const disabled = (now.disabled ?? false) || hindrance !== null
  const latest = useRef(now.act)
  useEffect(() => {
    latest.current = now.act
  })
  const mine = useMemo(
    () => ({ action, label, hindrance, disabled, act: () => latest.current() }),
    [action, label, hindrance, disabled],
  )
  useEffect(() => offer(mine), [mine])
  return mine
}
