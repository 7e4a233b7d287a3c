import { spotlight } from '@mantine/spotlight'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { menuCommandSchema, windowPlaceSchema, type MenuCommand } from '../../contract/engine/desktop.ts'
import { importCertificate } from '../features/certificates/actions.ts'
import { addDomain } from '../features/domains/actions.ts'
import type { Action } from '../ui/actions/action.ts'
import { awaitOffer, offerOf, useOffers } from '../ui/actions/offers.ts'
import { dialogIsOpen } from '../ui/primitives/focus.ts'

type Navigate = (path: string) => void

/** Runs commands of the application menu. Ignored while a dialog is open, which keeps its unsaved input. */
export function useMenuCommands(): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    if (!window.edgekeepDesktop) return
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.source !== window || typeof event.data !== 'object' || event.data === null) return
      if (dialogIsOpen()) return
      const { edgekeepGo, edgekeepMenu } = event.data as { edgekeepGo?: unknown; edgekeepMenu?: unknown }
      const place = windowPlaceSchema.safeParse(edgekeepGo)
      if (place.success) navigate(place.data)
      const command = menuCommandSchema.safeParse(edgekeepMenu)
      if (command.success) carryOut[command.data](navigate)
    }
    window.addEventListener('message', onMessage)
    return () => window.removeEventListener('message', onMessage)
  }, [navigate])
}

const carryOut: Record<MenuCommand, (navigate: Navigate) => void> = {
  'new-domain': (navigate) => act(addDomain, navigate),
  'import-certificate': (navigate) => act(importCertificate, navigate),
  find,
}

function act(action: Action, navigate: Navigate): void {
  const mine = offerOf(useOffers.getState().offered, action)
  if (!mine) awaitOffer(action, () => navigate(action.page ?? '/'))
  else if (!mine.disabled) mine.act()
}

/** Focuses the page's search field, or opens the command palette on a page without one. */
function find(): void {
  const field = document.querySelector<HTMLInputElement>('#page input[type="search"]')
  if (!field) return spotlight.open()
  field.focus()
  field.select()
}
