import { useTranslation } from 'react-i18next'
import type { CertificateFacts, IntakeReport, Piece } from '../../../contract/inspect/certificate-facts.ts'
import { formatPlace } from '../../../contract/errors/place.ts'
import { CertificateFactsList, roleOf } from '../../ui/certificate/certificate-facts.tsx'
import { ExtensionList } from '../../ui/certificate/extension-list.tsx'
import { CopyIcon } from '../../ui/primitives/copy-icon.tsx'
import { PieceIcon } from '../../ui/staging/piece-row.tsx'
import type { Inspector } from './inspector.ts'
import classes from './inspector.module.css'
import { Judgements } from './judgements.tsx'
import { OtherPiece } from './other-piece.tsx'
import { StructureView } from './structure/structure-view.tsx'

export function PieceView(props: { inspector: Inspector; report: IntakeReport; piece: Piece }) {
  const { t } = useTranslation('inspector')
  const { t: tFacts } = useTranslation('facts')
  const { piece } = props
  return (
    <>
      <header className="row-top gap-10 above-12">
        <span className="accent rigid">
          <PieceIcon kind={piece.kind} size={22} />
        </span>
        <div className="grow">
          <h2 className={classes.detailTitle}>{piece.certificate?.title ?? piece.title}</h2>
          <div className="dim flush">
            {piece.certificate ? `${tFacts(`roles.${roleOf(piece.certificate)}`)} · ` : null}
            {formatPlace(piece.place)}
          </div>
        </div>
        <CopyIcon value={factsAsJson(piece)} label={t('piece.copyAll')} />
      </header>
      {piece.certificate ? (
        <CertificateTabs {...props} facts={piece.certificate} />
      ) : (
        <OtherPiece {...props} />
      )}
    </>
  )
}

function CertificateTabs(props: {
  inspector: Inspector
  report: IntakeReport
  piece: Piece
  facts: CertificateFacts
}) {
  const { t } = useTranslation(['inspector', 'certificates'])
  const { inspector, report, piece, facts } = props
  const own = [
    { id: 'facts', label: t('certificates:detail.facts'), content: <CertificateFactsList facts={facts} /> },
    {
      id: 'extensions',
      label: t('certificates:detail.extensions', { count: facts.extensions.length }),
      content: <ExtensionList extensions={facts.extensions} />,
    },
  ]
  const structure = {
    id: 'structure',
    label: t('structure.title'),
    content: <StructureView inspector={inspector} pieceId={piece.id} />,
  }
  return (
    <Judgements
      inspector={inspector}
      report={report}
      fingerprint={facts.fingerprintSha256}
      before={own}
      after={[structure]}
    />
  )
}

function factsAsJson({ place, title, kind, certificate, publicKey, words }: Piece): string {
  return JSON.stringify({ kind, title, place, certificate, publicKey, words }, null, 2)
}
