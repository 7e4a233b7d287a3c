import { Menu } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { downloadText } from '../../ui/primitives/download.ts'
import { useFocusBack } from '../../ui/primitives/focus.ts'
import { notifyFailed, useSlow } from '../../ui/feedback/feedback.tsx'
import { saveReport } from './actions.ts'
import type { Inspector, ReportFormat } from './inspector.ts'

const formats: readonly ReportFormat[] = ['html', 'json', 'sarif']

export function ReportMenu({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const [busy, setBusy] = useState(false)
  const [opened, setOpened] = useState(false)
  const slow = useSlow(busy)
  const button = useFocusBack(slow)
  const save = async (format: ReportFormat) => {
    setBusy(true)
    try {
      const { fileName, mediaType, text } = await inspector.report(format)
      downloadText(fileName, mediaType, text)
    } catch (error) {
      notifyFailed(t('report.failed'), error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionButton
          ref={button}
          action={saveReport}
          variant="default"
          busy={slow}
          act={() => setOpened(true)}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format} onClick={() => void save(format)}>
            {t(`report.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
