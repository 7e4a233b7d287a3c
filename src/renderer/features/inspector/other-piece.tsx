import { Anchor } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { IntakeReport, Piece, PublicKeyFacts } from '../../../contract/certificate-facts.ts'
import { placeInWords } from '../../../contract/errors.ts'
import { Fact, FactList } from '../../ui/certificate/fact-list.tsx'
import { HexPairs } from '../../ui/certificate/hex-pairs.tsx'
import { keyInWords } from '../../ui/certificate/key-in-words.ts'
import { certificateOfKey } from './grouping.ts'
import type { Inspector } from './inspector.ts'
import classes from './inspector.module.css'
import { StructureView } from './structure/structure-view.tsx'
import { Unlock } from './unlock.tsx'

/** A key, a request, a list or anything else that is no certificate. */
export function OtherPiece(props: { inspector: Inspector; report: IntakeReport; piece: Piece }) {
  const { t } = useTranslation('inspector')
  const { inspector, piece } = props
  return (
    <>
      {piece.locked ? (
        <>
          <p className={classes.dim}>{t('piece.locked')}</p>
          <Unlock inspector={inspector} what={placeInWords(piece.place)} />
        </>
      ) : null}
      {piece.kind === 'private-key' ? <p className={classes.dim}>{t('piece.keyNote')}</p> : null}
      <FactList>
        {piece.publicKey ? <PublicKeyRows publicKey={piece.publicKey} /> : null}
        {piece.publicKey ? <Belongs {...props} /> : null}
      </FactList>
      {piece.words?.length ? <Words words={piece.words} /> : null}
      {hasStructure(piece) ? (
        <section className={classes.block} aria-label={t('structure.title')}>
          <h3 className={classes.heading}>{t('structure.title')}</h3>
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
      <Fact term={t('publicKey')}>{keyInWords(publicKey)}</Fact>
      <Fact term={t('spki')} copy={publicKey.spkiSha256} mono>
        <HexPairs hex={publicKey.spkiSha256} />
      </Fact>
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

function Words({ words }: { words: readonly string[] }) {
  return (
    <ul className={classes.words}>
      {words.map((word, index) => (
        <li key={index}>{word}</li>
      ))}
    </ul>
  )
}
