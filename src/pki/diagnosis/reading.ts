import type { IntakeReport, Piece } from '../../contract/inspect/certificate-facts.ts'
import { withArticle } from '../../contract/text/with-article.ts'
import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import { formatPlace } from '../../contract/errors/registry.ts'
import { bad, attention, counted, type Evidence, listed, type Look } from './evidence.ts'

/** Files that could not be read, or have the wrong content. */
export const readingSituations: Look = (evidence) => {
  const { report } = evidence
  const locked = lockedPieces(evidence)
  if (locked.length > 0) return locked
  const openSsh = openSshKey(evidence)
  if (openSsh.length > 0) return openSsh
  if (report.pieces.every(({ kind }) => kind === 'unknown' || kind === 'parameters'))
    return [nothingFound(evidence)]
  const hasCertificate = report.pieces.some(({ certificate }) => certificate)
  return hasCertificate ? [] : withoutCertificate(evidence)
}

function lockedPieces({ report }: Evidence): Diagnosis[] {
  const locked = report.pieces.filter(({ locked: isLocked }) => isLocked)
  const [first] = locked
  if (!first) return []
  const tried = report.problems.some(({ code }) => code === 'key.wrong_passphrase')
  const where = first.place.file ?? formatPlace(first.place)
  const what = first.kind === 'archive' ? 'archive' : 'private key'
  const more =
    locked.length > 1
      ? `, and ${locked.length === 2 ? '1 more is' : `${locked.length - 1} more are`} too`
      : ''
  return [
    {
      situation: tried ? 'wrong-passphrase' : first.kind === 'archive' ? 'archive-locked' : 'key-locked',
      severity: tried ? 'bad' : 'attention',
      sentence: tried
        ? `The passphrase does not open the ${what} in ${where}.`
        : `The ${what} in ${where} is locked with a passphrase${more}.`,
      nextStep: tried
        ? 'Try the passphrase again. It is case-sensitive, and spaces at either end count.'
        : 'Enter the passphrase. It is used once and not stored.',
      pieces: locked.map(({ id }) => id),
    },
  ]
}

/** OpenSSH's own format, whose public half is not read. */
function isOpenSshKey({ kind, publicKey }: IntakeReport['pieces'][number]): boolean {
  return kind === 'private-key' && publicKey === undefined
}

function openSshKey({ report }: Evidence): Diagnosis[] {
  const key = report.pieces.find(isOpenSshKey)
  if (!key) return []
  const sentence = `The private key in ${key.place.file ?? formatPlace(key.place)} is ${withArticle(key.title)}.`
  const problem = report.problems.find((each) => isAt(each, key.place))
  return [bad('openssh-key', [key], { sentence, nextStep: (problem && adviceIn(problem)) ?? exportAgain })]
}

function isAt({ place }: IntakeReport['problems'][number], { file, block }: Piece['place']): boolean {
  return place?.file === file && place?.block === block
}

const exportAgain = 'Export the file again, or get it in PEM format.'

function nothingFound({ report }: Evidence): Diagnosis {
  const [problem] = report.problems
  return bad(problem ? 'unreadable' : 'nothing-found', report.pieces, {
    sentence: problem
      ? firstSentence(problem.message)
      : 'There is no certificate, key or request in these files.',
    nextStep: problem
      ? (adviceIn(problem) ??
        (problem.place?.block === undefined ? exportAgain : 'Copy or export it again, whole.'))
      : 'Add the files that your certificate authority sent (.crt, .pem, .cer, .p7b) or that your server uses (.pem, .pfx, .key).',
  })
}

/** Problems beside the files that could be read; for several sites their count is part of the summary. */
export const unreadableRest: Look = ({ report }) => {
  // An OpenSSH key has a diagnosis of its own.
  const diagnosed = report.pieces.find(isOpenSshKey)?.place
  const [first, ...more] = report.problems.filter((problem) => !diagnosed || !isAt(problem, diagnosed))
  const isAllThereIs = report.pieces.every(({ kind }) => kind === 'unknown' || kind === 'parameters')
  if (!first || isAllThereIs || report.bundles.length > 1) return []
  if (report.pieces.some(({ locked }) => locked)) return []
  return [
    attention('partly-unreadable', [], {
      sentence:
        more.length === 0
          ? firstSentence(first.message)
          : `${report.problems.length} items in these files cannot be read.`,
      nextStep: 'Export it again, or leave it out if it is not needed.',
    }),
  ]
}

function withoutCertificate({ report }: Evidence): Diagnosis[] {
  const of = (kind: string) => report.pieces.filter((piece) => piece.kind === kind)
  const [request] = of('certificate-request')
  const keys = of('private-key')
  if (request) {
    const name = request.title.replace('Certificate request ', '')
    const key = keys.find(({ publicKey }) => publicKey?.spkiSha256 === request.publicKey?.spkiSha256)
    return [
      attention('request-only', [request.id, ...(key ? [key.id] : [])], {
        sentence: `This is a certificate request (CSR) for ${name}, not a certificate.`,
        nextStep: key
          ? 'Send the request to your certificate authority, and keep this key: it belongs to the certificate you will get.'
          : 'Send it to your certificate authority. The certificate you get belongs to the key that this request was made with.',
      }),
    ]
  }
  if (keys.length > 0) return [keyOnly(keys)]
  const [ocsp] = of('ocsp')
  if (ocsp) return [ocspOnly(ocsp)]
  const others = report.pieces.filter(({ kind }) => kind === 'revocation-list' || kind === 'public-key')
  if (others.length === 0) return []
  const isList = others.every(({ kind }) => kind === 'revocation-list')
  const titles = others.map(({ title }) => withArticle(title))
  return [
    attention('no-certificate', others, {
      sentence: `There is no certificate here, only ${listed(titles)}.`,
      nextStep: isList
        ? 'Select it to see what it revokes, or add a certificate to check against it.'
        : 'Add the certificate that you want to inspect.',
    }),
  ]
}

function ocspOnly(ocsp: Piece): Diagnosis {
  const sentence = `${formatPlace(ocsp.place)} is an ${ocsp.title}.`
  return attention('no-certificate', [ocsp], {
    sentence,
    nextStep: 'It is about whether a certificate was revoked. Add that certificate to inspect it.',
  })
}

function keyOnly(keys: { id: string; title: string }[]): Diagnosis {
  const [first] = keys
  return attention('key-only', keys, {
    sentence:
      keys.length === 1
        ? `There is a private key here (${first?.title}), but no certificate.`
        : `There are ${counted(keys.length, 'private key')} here, but no certificate.`,
    nextStep: 'Add the certificate that was issued for it.',
  })
}

/** Errors about content that is known have their own advice, the sentence after the first. */
function adviceIn({ code, message }: IntakeReport['problems'][number]): string | undefined {
  const hasAdvice =
    code === 'input.other_content' || code === 'key.unsupported_type' || code.startsWith('input.archive_')
  return hasAdvice ? message.slice(firstSentence(message).length).trim() : undefined
}

function firstSentence(message: string): string {
  const end = message.search(/[.?!](?: [A-Z]|$)/)
  return end < 0 ? message : message.slice(0, end + 1)
}
