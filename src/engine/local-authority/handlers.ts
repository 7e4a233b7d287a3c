import { issuedCertificates, revokeCertificate } from './issued.ts'
import { setRevocationService } from './revocation-service.ts'
import { issueCertificate, issueForDevice } from './issue.ts'
import { createRequest, forgetRequest, readRequest, signRequest, waitingRequests } from './requests.ts'
import { withUploads } from '../core/uploads.ts'
import type { Procedures } from '../core/procedures.ts'
import { localAuthority, rotateAuthority } from './authority-of-vault.ts'

export function localCertificateHandlers(procedures: Procedures['localCertificates']) {
  return {
    issue: procedures.issue.handler(({ context, input }) => issueCertificate(context.parts, input)),
    issueForDevice: procedures.issueForDevice.handler(({ context, input }) =>
      issueForDevice(context.parts, input),
    ),
    readRequest: procedures.readRequest.handler(({ input }) => withUploads(input.files, readRequest)),
    sign: procedures.sign.handler(({ context, input }) =>
      withUploads(input.files, (files) => signRequest(context.parts, files, input)),
    ),
    request: procedures.request.handler(({ context, input }) => createRequest(context.parts, input)),
    watch: procedures.watch.handler(async function* ({ context, signal }) {
      const changes = context.parts.topics.issuing.subscribe(signal)
      yield {}
      for await (const change of changes) yield { ...change }
    }),
    requests: procedures.requests.handler(({ context }) => waitingRequests(context.parts)),
    issued: procedures.issued.handler(({ context, input }) => issuedCertificates(context.parts, input)),
    revoke: procedures.revoke.handler(({ context, input }) => revokeCertificate(context.parts, input)),
    revocationService: procedures.revocationService.handler(({ context }) =>
      context.parts.publication.state(),
    ),
    setRevocationService: procedures.setRevocationService.handler(({ context, input }) =>
      setRevocationService(context.parts, input.port),
    ),
    forgetRequest: procedures.forgetRequest.handler(({ context, input }) =>
      forgetRequest(context.parts, input.reference),
    ),
  }
}

export function authorityHandlers(procedures: Procedures['authority']) {
  return {
    get: procedures.get.handler(({ context }) => localAuthority(context.parts)),
    rotate: procedures.rotate.handler(({ context, input }) => rotateAuthority(context.parts, input)),
  }
}
