import { ActionIcon, Tooltip } from '@mantine/core'
import {
  IconArchive,
  IconCertificate,
  IconFileUnknown,
  IconKey,
  IconListDetails,
  IconLockPassword,
  IconX,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Piece } from '../../../contract/inspect/certificate-facts.ts'
import { formatPlace } from '../../../contract/errors/place.ts'
import { roleOf } from '../certificate/certificate-facts.tsx'
import { Fingerprint } from '../primitives/hex.tsx'
import { DaysLeft } from '../certificate/validity-bar.tsx'
import classes from './staging.module.css'

const icons: Record<Piece['kind'], typeof IconKey> = {
  certificate: IconCertificate,
  'private-key': IconKey,
  'encrypted-private-key': IconLockPassword,
  'certificate-request': IconListDetails,
  'revocation-list': IconListDetails,
  ocsp: IconListDetails,
  'public-key': IconKey,
  parameters: IconListDetails,
  archive: IconArchive,
  unknown: IconFileUnknown,
}

/** Decorative icon of a piece's kind; the text beside it names the kind. */
export function PieceIcon({ kind, size = 18 }: { kind: Piece['kind']; size?: number }) {
  const Icon = icons[kind]
  return <Icon size={size} stroke={1.6} aria-hidden />
}

export function PieceRow({
  piece,
  onRemove,
  children,
}: {
  piece: Piece
  /** Removes its file; absent if removal is offered elsewhere or not at all. */
  onRemove?: () => void
  children?: ReactNode
}) {
  return (
    <li className={classes.piece} data-kind={piece.kind}>
      <span className={classes.pieceIcon}>
        <PieceIcon kind={piece.kind} />
      </span>
      <div className="grow">
        <div className={classes.pieceHead}>
          <span className="medium wrap">{piece.certificate?.title ?? piece.title}</span>
          <span className="dim text-xs wrap">{formatPlace(piece.place)}</span>
        </div>
        <PieceDetails piece={piece} />
        {children}
      </div>
      {onRemove ? <RemoveFile file={piece.place.file ?? ''} onRemove={onRemove} /> : null}
    </li>
  )
}

export function RemoveFile({ file, onRemove }: { file: string; onRemove: () => void }) {
  const { t } = useTranslation('intake')
  const label = t('removeFile', { file })
  return (
    <Tooltip label={label}>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} onClick={onRemove}>
        <IconX size={15} stroke={1.8} />
      </ActionIcon>
    </Tooltip>
  )
}

function PieceDetails({ piece }: { piece: Piece }) {
  const { t } = useTranslation('intake')
  const { t: tFacts } = useTranslation('facts')
  if (piece.certificate) {
    const { notBefore, notAfter } = piece.certificate
    return (
      <div className="dim text-xs">
        {tFacts(`roles.${roleOf(piece.certificate)}`)} ·{' '}
        <DaysLeft notBefore={notBefore} notAfter={notAfter} />
      </div>
    )
  }
  if (piece.publicKey) {
    return (
      <div className="dim text-xs">
        {t('piece.publicKey')}{' '}
        <Fingerprint hex={piece.publicKey.spkiSha256} label={t('piece.publicKeyOf', { what: piece.title })} />
      </div>
    )
  }
  if (piece.kind === 'encrypted-private-key') return <div className="dim text-xs">{t('piece.locked')}</div>
  if (!piece.words?.length) return null
  return <div className="dim text-xs">{piece.words.slice(0, 2).join(' · ')}</div>
}
