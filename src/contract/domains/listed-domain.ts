import { z } from 'zod'
import { type LiveEvent, liveOf } from '../shared/live-event.ts'
import { type Domain, domainSchema, type ServedCertificate, servedCertificateSchema } from './domains.ts'
import { policiesSchema, setPoliciesSchema } from './policies.ts'

/** Domain of a list: of its policies those that are set, since most of ten thousand domains set none. */
export const listedDomainSchema = domainSchema.extend({ policies: setPoliciesSchema })
export type ListedDomain = z.infer<typeof listedDomainSchema>

/** Domain of a live query, with the ID of its certificate. */
const sentDomainSchema = listedDomainSchema.extend({
  https: domainSchema.shape.https.extend({ certificate: z.string().nullable() }),
})
type SentEvent = LiveEvent<z.infer<typeof sentDomainSchema>, { certificates: ServedCertificate[] }>

/** Live query of domains. An event has each certificate once, however many of its domains are served with it. */
export const liveDomains = liveOf(sentDomainSchema, { certificates: z.array(servedCertificateSchema) })

const defaults = policiesSchema.parse({})

/** The domain with all of its policies. Those without any share one object. */
export function wholeDomain(listed: ListedDomain): Domain {
  const { policies } = listed
  const isPlain = Object.keys(policies).length === 0
  return { ...listed, policies: isPlain ? defaults : { ...defaults, ...policies } }
}

/** Takes the certificates out of the domains of an event. */
export function sentEvent(event: LiveEvent<ListedDomain>): SentEvent {
  if (!('items' in event)) return event
  const certificates = new Map<string, ServedCertificate>()
  const items = event.items.map((domain) => {
    const { certificate } = domain.https
    if (certificate) certificates.set(certificate.id, certificate)
    return { ...domain, https: { ...domain.https, certificate: certificate?.id ?? null } }
  })
  return { ...event, items, certificates: [...certificates.values()] }
}

/** Puts the certificates of an event back, and its domains' policies. */
export function receivedEvent(event: SentEvent): LiveEvent<Domain> {
  if (!('items' in event)) return event
  const { certificates, ...rest } = event
  const byId = new Map(certificates.map((certificate) => [certificate.id, certificate]))
  const items = event.items.map((domain) => {
    const certificate = byId.get(domain.https.certificate ?? '') ?? null
    return wholeDomain({ ...domain, https: { ...domain.https, certificate } })
  })
  return { ...rest, items }
}
