import { toPem } from '../../../src/pki/formats/convert.ts'
import { diagnoseFiles, givenRoots } from '../../../src/pki/inspect/inspect.ts'
import { openIntake } from '../../../src/pki/intake/intake.ts'
import { type MadeCertificate, moment } from './certificate-maker.ts'

/** First finding about files, each a certificate, PEM text or bytes, with the other findings. */
export function headline(
  files: (MadeCertificate | string | Uint8Array)[],
  { roots = [] as MadeCertificate[], host = '' } = {},
) {
  using intake = openIntake(
    files.map((each, at) => ({
      name: `${at}.pem`,
      bytes: Buffer.from(
        typeof each === 'string' || each instanceof Uint8Array ? (each as string) : toPem(each.der),
      ),
    })),
  )
  const publicRoots = { name: 'public roots', certificates: [] }
  const anchors = givenRoots(roots.map((each) => each.der))
  const { diagnosis, others } = diagnoseFiles(intake, {
    at: moment,
    anchors,
    publicRoots,
    ...(host ? { host } : {}),
  })
  return {
    ...diagnosis,
    all: [diagnosis, ...others],
    problems: intake.report.problems,
    report: intake.report,
  }
}
