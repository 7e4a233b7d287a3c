import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** Small copy button; `label` names the copied thing ("fingerprint"). */
export function CopyIcon({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation('ui')
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('copy.done') : t('copy.what', { what: label })}>
          <ActionIcon
            size={24}
            aria-label={copied ? t('copy.done') : t('copy.what', { what: label })}
            onClick={copy}
          >
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}
