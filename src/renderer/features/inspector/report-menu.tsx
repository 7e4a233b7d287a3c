import { Button, Menu } from '@mantine/core'
import { IconFileText } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asEdgekeepError } from '../../../client/client.ts'
import { downloadText } from '../../ui/download.ts'
import { useFocusBack } from '../../ui/focus.ts'
import { notifyDone } from '../../ui/notify.ts'
import { useSlow } from '../../ui/use-slow.ts'
import type { Inspector, ReportFormat } from './inspector.ts'

const formats: readonly ReportFormat[] = ['html', 'json', 'sarif']

/** Saves everything that was found as one document. */
export function ReportMenu({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const [busy, setBusy] = useState(false)
  const slow = useSlow(busy)
  const button = useFocusBack(slow)
  const save = async (format: ReportFormat) => {
    setBusy(true)
    try {
      const { fileName, mediaType, text } = await inspector.report(format)
      downloadText(fileName, mediaType, text)
    } catch (error) {
      notifyDone(asEdgekeepError(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button ref={button} variant="default" leftSection={<IconFileText size={15} />} loading={slow}>
          {t('report.open')}
        </Button>
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
