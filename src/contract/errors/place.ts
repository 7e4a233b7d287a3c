import { z } from 'zod'
import { visibleText } from '../text/visible-text.ts'

/**
 * Position of a problem in the caller's input. `file` is the name the caller gave (never a path of the
 * machine), `block` counts PEM blocks from 1, `line` counts text lines from 1, `offset` counts bytes from 0.
 */
export const placeSchema = z.object({
  file: z.string().optional(),
  block: z.number().int().positive().optional(),
  line: z.number().int().positive().optional(),
  offset: z.number().int().nonnegative().optional(),
})
export type Place = z.infer<typeof placeSchema>

/** `shop.pem, block 2, line 31` */
export function formatPlace(place: Place | undefined): string {
  if (!place) return 'the input'
  const parts = [
    place.file === undefined ? 'the input' : visibleText(place.file),
    place.block === undefined ? undefined : `block ${place.block}`,
    place.line === undefined ? undefined : `line ${place.line}`,
    place.offset === undefined || place.line !== undefined ? undefined : `byte ${place.offset}`,
  ]
  return parts.filter((part) => part !== undefined).join(', ')
}
