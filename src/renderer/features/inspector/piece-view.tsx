import { Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CertificateFacts, IntakeReport, Piece } from '../../../contract/certificate-facts.ts'
import { placeInWords } from '../../../contract/errors.ts'
import { CertificateFactsList } from '../../ui/certificate/certificate-facts.tsx'
import { ExtensionList } from '../../ui/certificate/extension-list.tsx'
import { roleOf } from '../../ui/certificate/role.ts'
import { CopyIcon } from '../../ui/copy-icon.tsx'
import { PieceIcon } from '../../ui/staging/piece-row.tsx'
import type { Inspector } from './inspector.ts'
import classes from './inspector.module.css'
import { OtherPiece } from './other-piece.tsx'
import { VerificationPanel } from './verification-panel.tsx'

/** Everything about one piece. */
export function PieceView(props: { inspector: Inspector; report: IntakeReport; piece: Piece }) {
  const { t } = useTranslation('inspector')
  const { t: tFacts } = useTranslation('facts')
  const { piece } = props
  return (
    <>
      <header className={classes.pieceHead}>
        <span className={classes.pieceIcon}>
          <PieceIcon kind={piece.kind} size={22} />
        </span>
        <div className={classes.pieceText}>
          <h2 className={classes.detailTitle}>{piece.certificate?.title ?? piece.title}</h2>
          <div className={classes.dim}>
            {piece.certificate ? `${tFacts(`roles.${roleOf(piece.certificate)}`)} · ` : null}
            {placeInWords(piece.place)}
          </div>
        </div>
        <CopyIcon value={factsAsJson(piece)} label={t('piece.copyAll')} />
      </header>
      {piece.certificate ? (
        <CertificateTabs inspector={props.inspector} facts={piece.certificate} />
      ) : (
        <OtherPiece {...props} />
      )}
    </>
  )
}

function CertificateTabs({ inspector, facts }: { inspector: Inspector; facts: CertificateFacts }) {
  const { t } = useTranslation('inspector')
  return (
    <Tabs defaultValue="facts" keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="facts">{t('piece.facts')}</Tabs.Tab>
        <Tabs.Tab value="extensions">{t('piece.extensions', { count: facts.extensions.length })}</Tabs.Tab>
        <Tabs.Tab value="verify">{t('verify.title')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="facts" pt="sm">
        <CertificateFactsList facts={facts} />
      </Tabs.Panel>
      <Tabs.Panel value="extensions" pt="sm">
        <ExtensionList extensions={facts.extensions} />
      </Tabs.Panel>
      <Tabs.Panel value="verify" pt="sm">
        <VerificationPanel inspector={inspector} />
      </Tabs.Panel>
    </Tabs>
  )
}

function factsAsJson({ place, title, kind, certificate, publicKey, words }: Piece): string {
  return JSON.stringify({ kind, title, place, certificate, publicKey, words }, null, 2)
}
