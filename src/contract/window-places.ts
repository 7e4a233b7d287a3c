import { z } from 'zod'

/** Places of the window that menus of the system lead to, as paths in its address. */
export const windowPlaceSchema = z.enum([
  '/domains',
  '/certificates',
  '/inspector',
  '/traffic',
  '/usage',
  '/trust',
  '/activity',
  '/settings',
])
export type WindowPlace = z.infer<typeof windowPlaceSchema>
