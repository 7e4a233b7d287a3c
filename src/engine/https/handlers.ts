import { implement, proceduresFor } from '../core/procedures.ts'
import { disableHttps, enableHttps, pauseHttps, previewHttps } from './https.ts'
import { obtainCertificate } from './obtain.ts'
import { reissueCertificate, replaceCertificate } from './replace.ts'
import type { HttpsNeeds } from './needs.ts'
import type { Staging } from '../inspect/staging.ts'

const { https, certificates, acme, localCertificates } = proceduresFor<{
  parts: HttpsNeeds
  staging: Staging
}>()

export const httpsHandlers = implement(https, {
  enable: (parts, input, _signal, { staging }) => enableHttps(parts, staging, input.domain, input),
  preview: (parts, input, _signal, { staging }) => previewHttps(parts, staging, input.domain, input),
  pause: (parts, input) => pauseHttps(parts, input.domain),
  disable: (parts, input) => disableHttps(parts, input.domain),
})

/** A swap on the domains that use the certificate. */
export const { replace: replaceHandler } = implement(certificates, {
  replace: (parts, input, _signal, { staging }) => replaceCertificate(parts, staging, input),
})

/** An order whose certificate the domain then uses. */
export const { obtain: obtainHandler } = implement(acme, { obtain: obtainCertificate })

/** A certificate issued again, and swapped on the domains of the old one. */
export const { reissue: reissueHandler } = implement(localCertificates, {
  reissue: (parts, input, _signal, { staging }) => reissueCertificate(parts, staging, input.reference),
})
