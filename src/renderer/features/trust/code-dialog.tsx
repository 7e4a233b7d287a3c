import { Button, Group, Modal, Stack } from '@mantine/core'
import { encodeQR } from 'qr'
import { useTranslation } from 'react-i18next'
import { fingerprintCode } from '../../../domain/fingerprint-code.ts'
import { HexPairs } from '../../ui/primitives/hex.tsx'
import classes from './trust.module.css'

/** Fingerprint of the root as a QR code, for comparison on another device. */
export function CodeDialog({ fingerprint, onClose }: { fingerprint: string; onClose: () => void }) {
  const { t } = useTranslation('trust')
  return (
    <Modal opened onClose={onClose} title={t('code.title')} size="md" centered>
      <Stack gap="md" align="center">
        <p className={classes.text}>{t('code.text')}</p>
        <Code text={fingerprintCode(fingerprint)} label={t('code.picture')} />
        <code className={classes.fingerprint}>
          <HexPairs hex={fingerprint} />
        </code>
        <Group justify="flex-end" w="100%">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('code.close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** Quiet zone of four light modules (ISO/IEC 18004, 9.1); dark on light also in the dark theme. */
const quietZone = 4

function Code({ text, label }: { text: string; label: string }) {
  const modules = encodeQR(text, 'raw', { border: quietZone })
  const path = modules.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return (
    <svg
      role="img"
      aria-label={label}
      className={classes.code}
      viewBox={`0 0 ${modules.length} ${modules.length}`}
      shapeRendering="crispEdges"
    >
      <path d={path.join('')} />
    </svg>
  )
}
