import { startTransition, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { flushSync } from 'react-dom'
import { useStore } from 'zustand'
import { focusIsLost } from '../../ui/primitives/focus.ts'
import { groupPieces } from './grouping.ts'
import type { Inspector } from './inspector.ts'
import classes from './inspector.module.css'
import { PieceList } from './piece-list.tsx'
import { Summary } from './summary.tsx'
import { useTranslation } from 'react-i18next'
import type { CertificateFacts, IntakeReport, Piece } from '../../../contract/inspect/certificate-facts.ts'
import { formatPlace } from '../../../contract/errors/place.ts'
import { CertificateFactsList, roleOf } from '../../ui/certificate/certificate-facts.tsx'
import { ExtensionList } from '../../ui/certificate/extension-list.tsx'
import { CopyIcon } from '../../ui/primitives/copy-icon.tsx'
import { PieceIcon } from '../../ui/staging/piece-row.tsx'
import { Judgements } from './judgements.tsx'
import { OtherPiece } from './other-piece.tsx'
import { StructureView } from './structure/structure-view.tsx'

/** Pieces on the left, the selected one on the right. */
export function Findings({ inspector }: { inspector: Inspector }) {
  const report = useStore(inspector.store, (state) => state.report)
  const grouped = useMemo(() => (report ? groupPieces(report) : null), [report])
  const { box, shown, showBeforeTab } = useShown(inspector)
  if (!report || !grouped) return null
  const piece = report.pieces.find((each) => each.id === shown)
  return (
    <div ref={box} className={classes.panes} onKeyDownCapture={showBeforeTab}>
      <PieceList inspector={inspector} report={report} grouped={grouped} />
      <div className={classes.detail}>
        {piece ? (
          <PieceView key={piece.id} inspector={inspector} report={report} piece={piece} />
        ) : (
          <Summary inspector={inspector} report={report} />
        )}
      </div>
    </div>
  )
}

/**
 * The list reacts at once, the details follow in a transition. Tab flushes the transition first, because
 * focus in content that is about to be replaced would be lost.
 */
function useShown(inspector: Inspector) {
  const selected = useStore(inspector.store, (state) => state.selected)
  const [shown, setShown] = useState(selected)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => startTransition(() => setShown(selected)), [selected])
  // A link to another piece is replaced together with the details, so focus moves to the piece's row.
  useEffect(() => {
    if (focusIsLost()) box.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus()
  }, [shown])
  const showBeforeTab = (event: KeyboardEvent) => {
    if (event.key === 'Tab' && shown !== selected) flushSync(() => setShown(selected))
  }
  return { box, shown, showBeforeTab }
}

function PieceView(props: { inspector: Inspector; report: IntakeReport; piece: Piece }) {
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
