import { issuedCertificates, revokeCertificate } from './issued.ts'
import { setRevocationService, localAuthority, rotateAuthority } from './authority-of-vault.ts'
import { issueCertificate, issueForDevice } from './issue.ts'
import { createRequest, forgetRequest, readRequest, signRequest, waitingRequests } from './requests.ts'
import { withUploads } from '../core/uploads.ts'
import { proceduresFor, withParts } from '../core/procedures.ts'
import type { IssuingNeeds } from './needs.ts'

const { localCertificates, authority } = proceduresFor<{ parts: IssuingNeeds }>()

export const localCertificateHandlers = {
  issue: localCertificates.issue.handler(withParts(issueCertificate)),
  issueForDevice: localCertificates.issueForDevice.handler(withParts(issueForDevice)),
  readRequest: localCertificates.readRequest.handler(({ input }) => withUploads(input.files, readRequest)),
  sign: localCertificates.sign.handler(({ context, input }) =>
    withUploads(input.files, (files) => signRequest(context.parts, files, input)),
  ),
  request: localCertificates.request.handler(withParts(createRequest)),
  watch: localCertificates.watch.handler(async function* ({ context, signal }) {
    const changes = context.parts.topics.issuing.subscribe(signal)
    yield {}
    for await (const change of changes) yield { ...change }
  }),
  requests: localCertificates.requests.handler(withParts(waitingRequests)),
  issued: localCertificates.issued.handler(withParts(issuedCertificates)),
  revoke: localCertificates.revoke.handler(withParts(revokeCertificate)),
  revocationService: localCertificates.revocationService.handler(({ context }) =>
    context.parts.publication.state(),
  ),
  setRevocationService: localCertificates.setRevocationService.handler(({ context, input }) =>
    setRevocationService(context.parts, input.port),
  ),
  forgetRequest: localCertificates.forgetRequest.handler(({ context, input }) =>
    forgetRequest(context.parts, input.reference),
  ),
}

export const authorityHandlers = {
  get: authority.get.handler(withParts(localAuthority)),
  rotate: authority.rotate.handler(withParts(rotateAuthority)),
}
