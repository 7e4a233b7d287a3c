import { domainToASCII } from 'node:url'
import type { CleanFiles } from '../../contract/inspect/clean-files.ts'
import { selectLeaf } from './select-leaf.ts'
import { toPem } from '../formats/convert.ts'
import type { Intake } from './intake.ts'

/**
 * The certificates of one site as clean PEM: leaf first, each followed by its issuer, no root.
 * @throws EdgekeepError `certificate.missing`
 */
export function cleanFiles(intake: Intake, leafSha256?: string): CleanFiles {
  const { leaf, chain, piece } = selectLeaf(intake, leafSha256)
  const { report } = intake
  const bundle = report.bundles.find((each) => each.leaf === piece.id)
  const isServed = bundle !== undefined && report.servable?.leaf === bundle.leaf
  const name = fileNameOf(piece.certificate?.title ?? '')
  const pem = (ders: Uint8Array[]) => ders.map((der) => toPem(der)).join('')
  const files: CleanFiles['files'] = [
    { kind: 'bundle', fileName: `${name}.fullchain.pem`, pem: pem([leaf, ...chain]) },
    { kind: 'leaf', fileName: `${name}.crt.pem`, pem: pem([leaf]) },
    { kind: 'chain', fileName: `${name}.chain.pem`, pem: pem(chain) },
  ]
  return {
    files: files.filter((file) => file.pem !== ''),
    fixes: isServed || report.bundles.length <= 1 ? report.fixes : [],
    diff: isServed ? report.clean : null,
    hasKey: Boolean(bundle?.key),
  }
}

const isJoint = (character: string | undefined): boolean => character === '.' || character === '-'

/** `*.shop.test` → `wildcard.shop.test`; without path characters, and a host name in A-labels. */
function fileNameOf(title: string): string {
  const [, star = '', host = ''] = /^(\*\.)?(.*)$/s.exec(title) ?? []
  const ascii = domainToASCII(host)
  const name = (ascii.includes('xn--') ? star + ascii : title)
    .replace(/^\*/, 'wildcard')
    .replace(/[^\w.-]+/g, '-')
    .slice(0, 200)
  let [start, end] = [0, name.length]
  while (isJoint(name[start])) start += 1
  while (isJoint(name[end - 1])) end -= 1
  return name.slice(start, end).slice(0, 80) || 'certificate'
}
