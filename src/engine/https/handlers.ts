import { proceduresFor, withParts } from '../core/procedures.ts'
import { disableHttps, enableHttps, pauseHttps, previewHttps } from './https.ts'
import { obtainCertificate } from './obtain.ts'
import { reissueCertificate, replaceCertificate } from './replace.ts'
import type { HttpsNeeds } from './needs.ts'
import type { Staging } from '../inspect/staging.ts'

const { https, certificates, acme, localCertificates } = proceduresFor<{
  parts: HttpsNeeds
  staging: Staging
}>()

export const httpsHandlers = {
  enable: https.enable.handler(({ context: { parts, staging }, input }) =>
    enableHttps(parts, staging, input.domain, input),
  ),
  preview: https.preview.handler(({ context: { parts, staging }, input }) =>
    previewHttps(parts, staging, input.domain, input),
  ),
  pause: https.pause.handler(({ context, input }) => pauseHttps(context.parts, input.domain)),
  disable: https.disable.handler(({ context, input }) => disableHttps(context.parts, input.domain)),
}

/** `certificates.replace`: a swap on the domains that use the certificate. */
export const replaceHandler = certificates.replace.handler(({ context: { parts, staging }, input }) =>
  replaceCertificate(parts, staging, input),
)

/** `acme.obtain`: an order whose certificate the domain then uses. */
export const obtainHandler = acme.obtain.handler(withParts(obtainCertificate))

/** `localCertificates.reissue`: a certificate issued again, and swapped on the domains of the old one. */
export const reissueHandler = localCertificates.reissue.handler(({ context: { parts, staging }, input }) =>
  reissueCertificate(parts, staging, input.reference),
)
