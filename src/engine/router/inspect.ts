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
  targets,
  verifyFiles,
} from '../services/inspect/inspect.ts'
import { withUploadPair, withUploads } from './files.ts'
import type { Procedures } from './procedures.ts'

export function inspectHandlers(procedures: Procedures['inspect']) {
  return {
    read: procedures.read.handler(({ input: { files, ...rest } }) =>
      withUploads(files, (inputs) => readFiles({ ...rest, files: inputs })),
    ),
    verify: procedures.verify.handler(({ context: { parts }, input }) =>
      withQuestion(input, (question) => verifyFiles(parts, question)),
    ),
    diagnose: procedures.diagnose.handler(({ context: { parts }, input }) =>
      withQuestion(input, (question) => diagnoseFiles(parts, question)),
    ),
    lint: procedures.lint.handler(({ input: { files, ...rest } }) =>
      withUploads(files, (inputs) => lintFiles({ ...rest, files: inputs })),
    ),
    timeline: procedures.timeline.handler(({ context: { parts }, input }) =>
      withQuestion(input, (question) => timelineOfFiles(parts, question)),
    ),
    targets: procedures.targets.handler(() => targets),
    preflight: procedures.preflight.handler(({ context: { parts }, input }) =>
      withQuestion(input, (question) => preflightFiles(parts, question)),
    ),
    clean: procedures.clean.handler(({ input: { files, ...rest } }) =>
      withUploads(files, (inputs) => cleanFilesOf({ ...rest, files: inputs })),
    ),
    remote: procedures.remote.handler(({ context: { parts }, input: { compareWith, ...rest } }) =>
      withUploads(compareWith?.files ?? [], (inputs) =>
        inspectRemote(parts, { ...rest, compareWith: compareWith && { ...compareWith, files: inputs } }),
      ),
    ),
    report: procedures.report.handler(({ context: { parts }, input }) =>
      withQuestion(input, (question) => reportOnFiles(parts, question)),
    ),
    asn1: procedures.asn1.handler(({ input: { files, ...rest } }) =>
      withUploads(files, (inputs) => asn1OfFiles({ ...rest, files: inputs })),
    ),
    compare: procedures.compare.handler(({ input: { before, after } }) =>
      withUploadPair([before.files, after.files], (old, renewed) =>
        compareFiles({ before: { ...before, files: old }, after: { ...after, files: renewed } }),
      ),
    ),
  }
}

type Question = Omit<FilesQuestion, 'files' | 'anchors'> & { files: File[]; anchors?: File[] | undefined }

/** Reads the files and anchors of a question; both are zeroed when it is answered. */
function withQuestion<T, Q extends Question>(
  { files, anchors, ...rest }: Q,
  answer: (question: Omit<Q, 'files' | 'anchors'> & FilesQuestion) => T,
): Promise<T> {
  return withUploadPair([files, anchors ?? []], (inputs, roots) =>
    answer({ ...rest, files: inputs, anchors: anchors && roots }),
  )
}
