import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { windowPlaceSchema } from '../../contract/desktop.ts'
import { dialogIsOpen } from '../ui/open-dialog.ts'

/** Goes where the system's menus lead, unless a dialog is open: what is being filled in is not torn away. */
export function useMenuPlaces(): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    if (!window.edgekeepDesktop) return
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.source !== window || typeof event.data !== 'object' || event.data === null) return
      const place = windowPlaceSchema.safeParse((event.data as { edgekeepGo?: unknown }).edgekeepGo)
      if (place.success && !dialogIsOpen()) navigate(place.data)
    }
    window.addEventListener('message', onMessage)
    return () => window.removeEventListener('message', onMessage)
  }, [navigate])
}
