import { z } from 'zod'

/** Development servers that refuse host names they do not know. */
export const devServerKindSchema = z.enum([
  'dev-server.vite',
  'dev-server.webpack',
  'dev-server.next',
  'dev-server.angular',
  'dev-server.rails',
  'dev-server.django',
])
export type DevServerKind = z.infer<typeof devServerKindSchema>
