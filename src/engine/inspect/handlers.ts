import { compareCertificates } from '../../pki/comparison/comparison.ts'
import {
  asn1OfFiles,
  diagnoseFiles,
  lintFiles,
  preflightFiles,
  timelineOfFiles,
} from '../../pki/inspect/inspect.ts'
import { cleanFiles } from '../../pki/intake/clean-files.ts'
import { remoteReport } from '../../pki/report/remote-report.ts'
import { makeReport } from '../../pki/report/report.ts'
import { productVersion } from '../../contract/engine/product-version.ts'
import { verifyChain } from '../certificates/verdicts.ts'
import type { Core } from '../core/core.ts'
import { proceduresFor } from '../core/procedures.ts'
import { keyWork, withUploads } from '../core/uploads.ts'
import { publicRoots } from '../certificates/anchors.ts'
import type { SessionOwner } from './file-sessions.ts'
import { type Inspections, momentOf } from './inspect.ts'
import { fetchServedChain } from './remote/served-chain.ts'
import type { Staging } from './staging.ts'

export interface InspectContext {
  parts: Core
  staging: Staging
  inspections: Inspections
  /** Connection of the caller, whose sessions end with it. */
  owner: SessionOwner
}

const { inspect, staging } = proceduresFor<InspectContext>()

export const inspectHandlers = {
  openings: inspect.openings.handler(async function* ({ context, signal }) {
    yield* context.parts.topics.openings.subscribe(signal)
  }),
  open: inspect.open.handler(({ context, signal, input }) =>
    withUploads(input.files, (files) =>
      context.inspections.open(context.owner, files, keyWork(context, signal)),
    ),
  ),
  add: inspect.add.handler(({ context: { inspections }, input }) =>
    withUploads(input.files, (files) => inspections.add(input.sessionId, files)),
  ),
  unlock: inspect.unlock.handler(({ context, signal, input: { sessionId, passphrase } }) =>
    context.inspections.unlock(sessionId, passphrase, keyWork(context, signal)),
  ),
  close: inspect.close.handler(({ context: { inspections }, input }) => {
    inspections.close(input.sessionId)
    return {}
  }),
  diagnose: inspect.diagnose.handler(({ context: { inspections }, input }) =>
    diagnoseFiles(inspections.session(input.sessionId).intake, inspections.question(input)),
  ),
  lint: inspect.lint.handler(({ context: { inspections }, input: { sessionId, as } }) =>
    lintFiles(inspections.session(sessionId).intake, { publicRoots: publicRoots(), as }),
  ),
  timeline: inspect.timeline.handler(({ context: { inspections }, input }) =>
    timelineOfFiles(inspections.session(input.sessionId).intake, inspections.question(input)),
  ),
  preflight: inspect.preflight.handler(({ context: { inspections }, input: { targets, ...question } }) =>
    preflightFiles(inspections.session(question.sessionId).intake, inspections.question(question), targets),
  ),
  clean: inspect.clean.handler(({ context: { inspections }, input: { sessionId, leafSha256 } }) =>
    cleanFiles(inspections.session(sessionId).intake, leafSha256),
  ),
  asn1: inspect.asn1.handler(({ context: { inspections }, input: { sessionId, ...part } }) =>
    asn1OfFiles(inspections.session(sessionId).intake, part),
  ),
  compare: inspect.compare.handler(({ context: { inspections }, input: { before, after } }) =>
    compareCertificates(inspections.side(before), inspections.side(after)),
  ),
  report: inspect.report.handler(({ context: { inspections }, input: { format, targets, ...question } }) => {
    const { intake, names = [] } = inspections.session(question.sessionId)
    const about = { intake, files: names, targets, version: productVersion }
    return makeReport({ ...inspections.question(question), ...about }, format)
  }),
  /** Inspects a server's certificate like a file; the only network access of inspection. */
  remote: inspect.remote.handler(
    async ({ context: { parts, inspections }, input: { compareWith, at: asked, ...address } }) => {
      const side = compareWith && inspections.side(compareWith)
      const served = await fetchServedChain(address)
      const at = momentOf(parts, asked)
      const domain = address.serverName ?? address.host
      return remoteReport(served, address, {
        verify: (leaf, others) => verifyChain(parts, [leaf, ...others], { domain, at }),
        publicRoots: publicRoots(),
        at,
        compareWith: side,
      })
    },
  ),
}

export const stagingHandlers = {
  open: staging.open.handler(({ context, input }) =>
    withUploads(input.files, (files) => context.staging.open(context.owner, files, input.domain)),
  ),
  add: staging.add.handler(({ context, input }) =>
    withUploads(input.files, (files) => context.staging.add(input.stagingId, files)),
  ),
  unlock: staging.unlock.handler(({ context, signal, input: { stagingId, pieceId, passphrase } }) =>
    context.staging.unlock(stagingId, pieceId, passphrase, keyWork(context, signal)),
  ),
  remove: staging.remove.handler(({ context, input }) => context.staging.remove(input.stagingId, input.file)),
  discard: staging.discard.handler(({ context, input }) => {
    context.staging.end(input.stagingId)
    return {}
  }),
}
