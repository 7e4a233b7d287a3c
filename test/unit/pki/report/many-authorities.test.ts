import { expect, test } from 'vitest'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import { inspectionReport, type InspectionReport } from '../../../../src/pki/report/inspection-report.ts'
import {
  commonName,
  makeCertificate,
  makeKeys,
  moment,
  type Keys,
  type MadeCertificate,
} from '../../../support/pki/certificate-maker.ts'
import { cpuTimeMs } from '../../../support/processes/cpu-time.ts'

/** Above the largest files of honest people; without the limit it grew without bounds. */
const patienceMs = 4_000
const many = 1_500

const name = commonName('One Authority')
const keys = makeKeys('ec')
const root = makeCertificate({ subject: 'Root', authority: true, keys: makeKeys('ec') })
const real = makeCertificate({ subject: name, keys, issuer: root, authority: true })
const leaf = makeCertificate({
  subject: 'shop.test',
  names: ['shop.test'],
  issuer: real,
  keys: makeKeys('ec'),
})

/** Authorities of one name, with the keys from `keysOf`. */
function namesakes(keysOf: (at: number) => Keys, extensions?: Record<string, null>): MadeCertificate[] {
  const issuer = { ...real, name }
  return Array.from({ length: many }, (_, at) =>
    makeCertificate({
      subject: name,
      issuer,
      authority: true,
      keys: keysOf(at),
      notAfter: new Date(moment.getTime() + (at + 1) * 86_400_000),
      ...(extensions ? { extensions } : {}),
    }),
  )
}

function reported(certificates: MadeCertificate[]): { report: InspectionReport; steps: string[] } {
  const bytes = Buffer.from(certificates.map(({ der }) => toPem(der)).join(''))
  const intake = openIntake([{ name: 'many.pem', bytes }])
  const trusted = { name: 'the given roots', certificates: [root.der] }
  const steps: string[] = []
  const report = inspectionReport({
    intake,
    files: ['many.pem'],
    at: moment,
    host: 'shop.test',
    anchors: [trusted],
    publicRoots: trusted,
    version: '0',
    onProgress: (step) => steps.push(step),
  })
  intake[Symbol.dispose]()
  return { report, steps }
}

const others = [makeKeys('ec'), makeKeys('ec'), makeKeys('ec')] as const
const withoutIdentifiers = { '2.5.29.14': null, '2.5.29.35': null }
const cases: [title: string, authorities: MadeCertificate[], extra: MadeCertificate[]][] = [
  ['with the key that issued, each in a circle with all', namesakes(() => keys), []],
  ['with other keys', namesakes((at) => others[at % 3]!), []],
  ['with other keys and no key identifiers', namesakes((at) => others[at % 3]!, withoutIdentifiers), []],
  ['with other keys, and the one that issued', namesakes((at) => others[at % 3]!), [real]],
]

test.each(cases)(
  'a report about %s authorities of one name is made in bounded work, and says where it gave up',
  (_title, authorities, extra) => {
    let made: ReturnType<typeof reported> | undefined
    expect(cpuTimeMs(() => (made = reported([leaf, ...authorities, ...extra])))).toBeLessThan(patienceMs)
    const { report, steps } = made!
    const [site] = report.sites
    const codes = site?.verification.candidates.map(({ broken }) => broken?.code)
    if (extra.length > 0) expect(site?.verification.ok).toBe(true)
    else {
      expect(site?.verification.ok).toBe(false)
      expect(codes).toContain('search_exhausted')
    }
    expect(steps.length).toBeGreaterThan(many)
    expect(steps.at(-1)).toBe('Judging site 1 of 1.')
  },
  60_000,
)
