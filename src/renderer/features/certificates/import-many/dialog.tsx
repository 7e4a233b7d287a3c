import { Modal } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useClient } from '../../../connection/engine-context.tsx'
import { Choosing } from './choosing.tsx'
import { createImportRun } from './import-run.ts'
import { Outcome } from './outcome.tsx'

export function ImportManyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('certificates')
  return (
    <Modal opened={opened} onClose={onClose} title={t('many.title')} size={880} closeOnClickOutside={false}>
      <ImportMany onClose={onClose} />
    </Modal>
  )
}

/** Mounted while the dialog is open; closing it aborts the import. */
function ImportMany({ onClose }: { onClose: () => void }) {
  const client = useClient()
  const [run] = useState(() => createImportRun(client.certificates))
  const idle = useStore(run.store, ({ phase }) => phase === 'idle')
  useEffect(() => () => run.stop(), [run])
  return idle ? <Choosing run={run} onClose={onClose} /> : <Outcome run={run} onClose={onClose} />
}
