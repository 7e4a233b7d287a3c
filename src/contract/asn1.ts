import { z } from 'zod'
import { hexSchema } from './hex.ts'

/** An element of a structure, with where it stands in it. */
export interface Asn1Element {
  /** From the first octet of the whole structure. */
  offset: number
  headerLength: number
  /** Of the content. */
  length: number
  /** `SEQUENCE`, `UTF8String`, `[0]`. */
  tag: string
  /** In words; of a constructed element none. */
  value?: string | undefined
  /** There is something inside; where `children` are absent they were not asked for. */
  constructed: boolean
  children?: Asn1Element[] | undefined
}
export const asn1ElementSchema: z.ZodType<Asn1Element> = z.lazy(() =>
  z.object({
    offset: z.number().int(),
    headerLength: z.number().int(),
    length: z.number().int(),
    tag: z.string(),
    value: z.string().optional(),
    constructed: z.boolean(),
    children: z.array(asn1ElementSchema).optional(),
  }),
)

/** Part of a structure: one element, as many levels of what is in it as were asked for, and its bytes. */
export const asn1PartSchema = z.object({
  element: asn1ElementSchema,
  /** Of the whole structure. */
  sizeBytes: z.number().int(),
  /** The element's octets, header included; cut where there are more than `shownBytes`. */
  hex: hexSchema,
  shownBytes: z.number().int(),
})
export type Asn1Part = z.infer<typeof asn1PartSchema>
