import { z } from 'zod'
import { hexSchema } from '../shared/hex.ts'

export interface Asn1Element {
  /** Octets from the start of the whole structure. */
  offset: number
  headerLength: number
  /** Length of the content in octets. */
  length: number
  /** `SEQUENCE`, `UTF8String`, `[0]`. */
  tag: string
  /** Readable value of a primitive element. */
  value?: string
  /** The element has content; absent `children` were not requested. */
  constructed: boolean
  children?: Asn1Element[]
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

/** One element with the requested number of levels below it, and its bytes. */
export const asn1PartSchema = z.object({
  element: asn1ElementSchema,
  /** Size of the whole structure. */
  sizeBytes: z.number().int(),
  /** Octets of the element, header included; truncated at `shownBytes`. */
  hex: hexSchema,
  shownBytes: z.number().int(),
})
export type Asn1Part = z.infer<typeof asn1PartSchema>
