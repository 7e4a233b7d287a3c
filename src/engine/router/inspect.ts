import { readFiles, verifyFiles } from '../services/inspect.ts'
import { withUploads } from './files.ts'
import type { Procedures } from './procedures.ts'

export function inspectHandlers(procedures: Procedures['inspect']) {
  return {
    read: procedures.read.handler(({ input }) =>
      withUploads(input.files, (files) => readFiles(files, input.passphrase)),
    ),
    verify: procedures.verify.handler(({ context: { parts }, input: { files, anchors, ...question } }) =>
      withUploads([...files, ...(anchors ?? [])], (inputs) =>
        verifyFiles(parts, {
          files: inputs.slice(0, files.length),
          anchors: anchors && inputs.slice(files.length),
          ...question,
        }),
      ),
    ),
  }
}
