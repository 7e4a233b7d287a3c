import {
  asn1OfFiles,
  cleanFilesOf,
  compareFiles,
  diagnoseFiles,
  type FilesQuestion,
  inspectRemote,
  lintFiles,
  preflightFiles,
  readFiles,
  reportOnFiles,
  timelineOfFiles,
  verifyFiles,
} from './inspect.ts'
import { keyWork, withUploadPair, withUploads } from '../core/uploads.ts'
import { proceduresFor } from '../core/procedures.ts'
import type { Core } from '../core/core.ts'

const { inspect } = proceduresFor<{ parts: Core }>()

export const inspectHandlers = {
  openings: inspect.openings.handler(async function* ({ context, signal }) {
    yield* context.parts.topics.openings.subscribe(signal)
  }),
  read: inspect.read.handler(({ context, signal, input: { files, ...rest } }) =>
    withUploads(files, (inputs) => readFiles({ ...rest, files: inputs, work: keyWork(context, signal) })),
  ),
  verify: inspect.verify.handler(({ context, signal, input }) =>
    withQuestion({ ...input, work: keyWork(context, signal) }, (question) =>
      verifyFiles(context.parts, question),
    ),
  ),
  diagnose: inspect.diagnose.handler(({ context, signal, input }) =>
    withQuestion({ ...input, work: keyWork(context, signal) }, (question) =>
      diagnoseFiles(context.parts, question),
    ),
  ),
  lint: inspect.lint.handler(({ context, signal, input: { files, ...rest } }) =>
    withUploads(files, (inputs) => lintFiles({ ...rest, files: inputs, work: keyWork(context, signal) })),
  ),
  timeline: inspect.timeline.handler(({ context, signal, input }) =>
    withQuestion({ ...input, work: keyWork(context, signal) }, (question) =>
      timelineOfFiles(context.parts, question),
    ),
  ),
  preflight: inspect.preflight.handler(({ context, signal, input }) =>
    withQuestion({ ...input, work: keyWork(context, signal) }, (question) =>
      preflightFiles(context.parts, question),
    ),
  ),
  clean: inspect.clean.handler(({ context, signal, input: { files, ...rest } }) =>
    withUploads(files, (inputs) => cleanFilesOf({ ...rest, files: inputs, work: keyWork(context, signal) })),
  ),
  remote: inspect.remote.handler(({ context, signal, input: { compareWith, ...rest } }) =>
    withUploads(compareWith?.files ?? [], (inputs) =>
      inspectRemote(context.parts, {
        ...rest,
        compareWith: compareWith && { ...compareWith, files: inputs, work: keyWork(context, signal) },
      }),
    ),
  ),
  report: inspect.report.handler(({ context, signal, input }) =>
    withQuestion({ ...input, work: keyWork(context, signal) }, (question) =>
      reportOnFiles(context.parts, question),
    ),
  ),
  asn1: inspect.asn1.handler(({ context, signal, input: { files, ...rest } }) =>
    withUploads(files, (inputs) => asn1OfFiles({ ...rest, files: inputs, work: keyWork(context, signal) })),
  ),
  compare: inspect.compare.handler(({ context, signal, input: { before, after } }) =>
    withUploadPair([before.files, after.files], (old, renewed) =>
      compareFiles({
        before: { ...before, files: old, work: keyWork(context, signal) },
        after: { ...after, files: renewed, work: keyWork(context, signal) },
      }),
    ),
  ),
}

type Question = Omit<FilesQuestion, 'files' | 'anchors'> & { files: File[]; anchors?: File[] | undefined }

/** Reads the files and anchors of a question; zeroes both after the response. */
function withQuestion<T, Q extends Question>(
  { files, anchors, ...rest }: Q,
  answer: (question: Omit<Q, 'files' | 'anchors'> & FilesQuestion) => T | Promise<T>,
): Promise<T> {
  return withUploadPair([files, anchors ?? []], (inputs, roots) =>
    answer({ ...rest, files: inputs, anchors: anchors && roots }),
  )
}
