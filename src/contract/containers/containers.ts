import { z } from 'zod'
import { base } from '../shared/procedure-base.ts'
import { portSchema } from '../shared/port.ts'

const listedContainerSchema = z.object({
  /** Untrusted, like the image: chosen by whoever started the container. */
  name: z.string(),
  image: z.string(),
  /** TCP ports that its image or its start names. */
  ports: z.array(portSchema),
  /** It has a network address of its own. */
  hasAddress: z.boolean(),
  /** Domain whose origin follows it; null without one. */
  domain: z.string().nullable(),
})
export type ListedContainer = z.infer<typeof listedContainerSchema>

/** Containers of Docker or Podman on this computer. The engine reads them, and changes none. */
export const containersContract = {
  /** Running ones by name; null where neither Docker nor Podman can be read. */
  list: base.output(z.array(listedContainerSchema).nullable()),
  /**
   * Adds NAME.localhost with HTTPS. Its origin is this port of the container's own network address, and follows
   * the container of that name over restarts until a person sets another origin.
   */
  serve: base
    .input(z.strictObject({ container: z.string().min(1).max(1_000), port: portSchema }))
    .output(z.object({ domain: z.string() })),
}
