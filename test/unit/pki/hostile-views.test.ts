import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lintReportSchema } from '../../../src/contract/inspect/lint.ts'
import { selectLeaf } from '../../../src/pki/intake/select-leaf.ts'
import { cleanFiles } from '../../../src/pki/intake/clean-files.ts'
import { compareCertificates } from '../../../src/pki/comparison/comparison.ts'
import { toPem } from '../../../src/pki/formats/convert.ts'
import { openIntake } from '../../../src/pki/intake/intake.ts'
import { lint } from '../../../src/pki/lint/lint.ts'
import { makeReport } from '../../../src/pki/report/report.ts'
import { makeCertificate, makeChain, makeKeys, moment } from '../../support/pki/certificate-maker.ts'
import { mutated } from '../../support/pki/mutation.ts'
import { publicIntermediate, publicLeaf, publicRoot } from '../../support/pki/public-certificate.ts'
import { cpuTimeMs } from '../../support/processes/cpu-time.ts'

const { root, intermediate, leaf } = makeChain()
const publicOne = publicRoot()
const between = publicIntermediate(publicOne)
const seeds = [leaf, intermediate, root, publicLeaf(between), between, publicOne].map(({ der }) => der)
const trusted = { name: 'public roots', certificates: [publicOne.der, root.der], lenient: true }

/** Every judgement of one damaged certificate beside a good chain. */
function everyView(bytes: Uint8Array): void {
  const files = [
    { name: 'damaged.der', bytes },
    { name: 'chain.pem', bytes: Buffer.from([leaf, intermediate].map(({ der }) => toPem(der)).join('')) },
  ]
  const intake = openIntake(files)
  try {
    const about = {
      intake,
      files: files.map(({ name }) => name),
      at: moment,
      anchors: [trusted],
      version: '0',
    }
    for (const format of ['html', 'json', 'sarif'] as const)
      makeReport({ ...about, publicRoots: trusted }, format)
    for (const as of ['public', 'private'] as const)
      lintReportSchema.parse(
        lint({ certificates: [...intake.certificates().values()], publicRoots: trusted, as }),
      )
    const { leaf: chosen, chain } = selectLeaf(intake)
    compareCertificates({ leaf: leaf.der, intermediates: [] }, { leaf: chosen, intermediates: chain })
    cleanFiles(intake)
  } finally {
    intake[Symbol.dispose]()
  }
}

test('nothing that is damaged makes a judgement throw', { timeout: 60_000 }, () => {
  fc.assert(fc.property(mutated(seeds), everyView), { numRuns: 150 })
})

test('a bundle of many certificates of one name is judged in time', () => {
  const keys = makeKeys('ec')
  const many = Array.from({ length: 120 }, () => makeCertificate({ subject: 'Same', authority: true, keys }))
  const site = makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: many[0]! })
  const text = [site, ...many].map(({ der }) => toPem(der)).join('')
  const intake = openIntake([{ name: 'many.pem', bytes: Buffer.from(text) }])
  const judged = {
    intake,
    files: ['many.pem'],
    at: moment,
    anchors: [trusted],
    publicRoots: trusted,
    version: '0',
  }
  expect(cpuTimeMs(() => void makeReport(judged, 'html'))).toBeLessThan(10_000)
  intake[Symbol.dispose]()
})
