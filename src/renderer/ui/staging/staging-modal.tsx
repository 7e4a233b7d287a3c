import { Button, Group, Modal, type ModalProps } from '@mantine/core'
import { createContext, useContext, useEffect, useRef, useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'

const HasFiles = createContext<RefObject<boolean> | null>(null)

/** Dialog that takes files. Escape and its cross ask before they discard them; Cancel does not. */
export function StagingModal({ children, onClose, ...modal }: ModalProps) {
  const { t } = useTranslation('intake')
  const hasFiles = useRef(false)
  const [isAsking, setIsAsking] = useState(false)
  const keep = () => setIsAsking(false)
  const discard = () => {
    setIsAsking(false)
    onClose()
  }
  return (
    <>
      <Modal
        {...modal}
        closeOnEscape={!isAsking}
        onClose={() => (hasFiles.current ? setIsAsking(true) : onClose())}
      >
        <HasFiles value={hasFiles}>{children}</HasFiles>
      </Modal>
      <Modal opened={isAsking} onClose={keep} title={t('discard.title')} centered size="sm" zIndex={300}>
        <p className="flush">{t('discard.text')}</p>
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={keep} data-autofocus>
            {t('discard.keep')}
          </Button>
          <Button color="red" onClick={discard}>
            {t('discard.discard')}
          </Button>
        </Group>
      </Modal>
    </>
  )
}

/** Has the dialog around ask while `files` are there. */
export function useAskBeforeDiscard(files: boolean): void {
  const hasFiles = useContext(HasFiles)
  useEffect(() => {
    if (!hasFiles) return
    hasFiles.current = files
    return () => {
      hasFiles.current = false
    }
  }, [hasFiles, files])
}
