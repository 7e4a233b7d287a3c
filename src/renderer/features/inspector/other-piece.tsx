import { Anchor } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { IntakeReport, Piece, PublicKeyFacts } from '../../../contract/inspect/certificate-facts.ts'
import { formatPlace } from '../../../contract/errors/place.ts'
import { Fact, FactList } from '../../ui/lists/facts.tsx'
import { formatTimesIn } from '../../ui/primitives/time.tsx'
import { formatKey } from '../../ui/certificate/certificate-facts.tsx'
import { certificateOfKey } from './grouping.ts'
import type { Inspector } from './inspector.ts'
import classes from './inspector.module.css'
import { StructureView } from './structure/structure-view.tsx'
import { Unlock } from './summary.tsx'

/** A key, CSR, CRL or other piece that is not a certificate. */
export function OtherPiece(props: { inspector: Inspector; report: IntakeReport; piece: Piece }) {
  const { t } = useTranslation('inspector')
  const { inspector, piece } = props
  return (
    <>
      {piece.locked ? (
        <>
          <p className="dim flush">{t('piece.locked')}</p>
          <Unlock inspector={inspector} what={formatPlace(piece.place)} />
        </>
      ) : null}
      {piece.kind === 'private-key' && piece.publicKey ? (
        <p className="dim flush">{t('piece.keyNote')}</p>
      ) : null}
      {piece.kind === 'archive' && !piece.locked ? (
        <p className="dim flush">{t('piece.archiveNote')}</p>
      ) : null}
      <FactList>
        {piece.publicKey ? <PublicKeyRows publicKey={piece.publicKey} /> : null}
        {piece.publicKey ? <Belongs {...props} /> : null}
        <FurtherFacts piece={piece} />
      </FactList>
      {hasStructure(piece) ? (
        <section className={classes.block} aria-label={t('structure.title')}>
          <h3 className="text-sm bold flush above-8">{t('structure.title')}</h3>
          <StructureView inspector={inspector} pieceId={piece.id} />
        </section>
      ) : null}
    </>
  )
}

function hasStructure({ kind }: Piece): boolean {
  return kind === 'certificate-request' || kind === 'revocation-list'
}

function PublicKeyRows({ publicKey }: { publicKey: PublicKeyFacts }) {
  const { t } = useTranslation('facts')
  return (
    <>
      <Fact term={t('publicKey')}>{formatKey(publicKey)}</Fact>
      <Fact term={t('spki')} hex={publicKey.spkiSha256} />
    </>
  )
}

function Belongs(props: { inspector: Inspector; report: IntakeReport; piece: Piece }) {
  const { t } = useTranslation('inspector')
  const certificate = certificateOfKey(props.report, props.piece)
  return (
    <Fact term={t('piece.belongs')}>
      {certificate ? (
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => props.inspector.select(certificate.id)}
        >
          {certificate.certificate?.title}
        </Anchor>
      ) : (
        t('piece.belongsToNone')
      )}
    </Fact>
  )
}

/** Further facts, each as `term: value`. */
function FurtherFacts({ piece: { words = [] } }: { piece: Piece }) {
  const { i18n } = useTranslation()
  return words
    .map((word) => {
      const colon = word.indexOf(': ')
      return [word.slice(0, Math.max(0, colon)), colon < 0 ? word : word.slice(colon + 2)] as const
    })
    .filter(([term]) => term !== 'Public key')
    .map(([term, value], index) => (
      <Fact key={index} term={term}>
        {formatTimesIn(value, i18n.language)}
      </Fact>
    ))
}
