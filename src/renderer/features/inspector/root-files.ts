import type { IntakeReport } from '../../../contract/certificate-facts.ts'

/**
 * Those of the files that hold nothing but roots: a person can trust one as it is. In a chain with its root,
 * trusting the file would trust the leaf and the intermediates too.
 */
export function rootFiles({ pieces }: IntakeReport, files: readonly File[]): File[] {
  return files.filter(({ name }) => {
    const isAlone = files.filter((file) => file.name === name).length === 1
    const within = pieces.filter(({ place }) => place.file === name)
    const areRoots = within.every(({ certificate }) => certificate?.isCa && certificate.isSelfSigned)
    return isAlone && within.length > 0 && areRoots
  })
}
