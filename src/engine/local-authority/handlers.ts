import { issuedCertificates, revokeCertificate } from './issued.ts'
import { setRevocationService, localAuthority, rotateAuthority } from './authority-of-vault.ts'
import { issueCertificate, issueForDevice } from './issue.ts'
import { createRequest, forgetRequest, readRequest, signRequest, waitingRequests } from './requests.ts'
import { withUploads } from '../core/uploads.ts'
import { implement, proceduresFor } from '../core/procedures.ts'
import type { IssuingNeeds } from './needs.ts'

const { localCertificates, authority } = proceduresFor<{ parts: IssuingNeeds }>()

export const localCertificateHandlers = implement(localCertificates, {
  issue: issueCertificate,
  issueForDevice,
  readRequest: (parts, input) => withUploads(input.files, readRequest),
  sign: (parts, input) => withUploads(input.files, (files) => signRequest(parts, files, input)),
  request: createRequest,
  async *watch(parts, input, signal) {
    const changes = parts.topics.issuing.subscribe(signal)
    yield {}
    for await (const change of changes) yield { ...change }
  },
  requests: waitingRequests,
  issued: issuedCertificates,
  revoke: revokeCertificate,
  revocationService: (parts) => parts.publication.state(),
  setRevocationService: (parts, input) => setRevocationService(parts, input.port),
  forgetRequest: (parts, input) => forgetRequest(parts, input.reference),
})

export const authorityHandlers = implement(authority, {
  get: localAuthority,
  rotate: rotateAuthority,
})
