import { disableHttps, enableHttps, pauseHttps, previewHttps } from '../services/https/https.ts'
import type { Procedures } from './procedures.ts'

export function httpsHandlers(procedures: Procedures['https']) {
  return {
    enable: procedures.enable.handler(({ context: { parts, staging }, input }) =>
      enableHttps(parts, staging, input.domain, input),
    ),
    preview: procedures.preview.handler(({ context: { parts, staging }, input }) =>
      previewHttps(parts, staging, input.domain, input),
    ),
    pause: procedures.pause.handler(({ context, input }) => pauseHttps(context.parts, input.domain)),
    disable: procedures.disable.handler(({ context, input }) => disableHttps(context.parts, input.domain)),
  }
}
