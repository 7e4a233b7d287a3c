import type { Procedures } from '../core/procedures.ts'
import { disableHttps, enableHttps, pauseHttps, previewHttps } from './https.ts'
import { obtainCertificate } from './obtain.ts'
import { reissueCertificate, replaceCertificate } from './replace.ts'

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

/** `certificates.replace`: a swap on the domains that use the certificate. */
export function replaceHandler(procedure: Procedures['certificates']['replace']) {
  return procedure.handler(({ context: { parts, staging }, input }) =>
    replaceCertificate(parts, staging, input),
  )
}

/** `acme.obtain`: an order whose certificate the domain then uses. */
export function obtainHandler(procedure: Procedures['acme']['obtain']) {
  return procedure.handler(async function* ({ context, input, signal }) {
    yield* obtainCertificate(context.parts, input, signal)
  })
}

/** `localCertificates.reissue`: a certificate issued again, and swapped on the domains of the old one. */
export function reissueHandler(procedure: Procedures['localCertificates']['reissue']) {
  return procedure.handler(({ context: { parts, staging }, input }) =>
    reissueCertificate(parts, staging, input.reference),
  )
}
