import { Button, Popover, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDomains } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { downloadText } from '../../ui/primitives/download.ts'
import { useCall, ErrorPanel } from '../../ui/feedback/feedback.tsx'
import { chooseDays, saveUsage } from './actions.ts'
import { dayOf, presets, type Preset } from './ranges.ts'
import classes from './usage.module.css'
import type { Usage } from './usage-state.ts'
import { useUsageState } from './use-usage.ts'
import { SubmitForm } from '../../ui/forms/dialog.tsx'

export function Toolbar({ usage }: { usage: Usage }) {
  const { t } = useTranslation('usage')
  const range = useUsageState(usage, (state) => state.range)
  const domain = useUsageState(usage, (state) => state.domain)
  const domains = useDomains((state) => state.items)
  return (
    <div className={classes.toolbar} role="group" aria-label={t('range.label')}>
      <SegmentedControl
        size="xs"
        className={classes.presets}
        aria-label={t('range.label')}
        data={presets.map((preset) => ({ value: preset, label: t(`range.${preset}`) }))}
        value={typeof range === 'string' ? range : ''}
        onChange={(value) => void usage.choose({ range: value as Preset })}
      />
      <OwnRange usage={usage} />
      <Select
        size="xs"
        w={220}
        aria-label={t('domain.label')}
        placeholder={t('domain.all')}
        clearable
        searchable
        data={domains.map(({ name, displayName }) => ({ value: name, label: displayName }))}
        value={domain}
        onChange={(value) => void usage.choose({ domain: value })}
      />
    </div>
  )
}

function OwnRange({ usage }: { usage: Usage }) {
  const { t } = useTranslation('usage')
  const range = useUsageState(usage, (state) => state.range)
  const [opened, setOpened] = useState(false)
  const [days, setDays] = useState(() => ({ from: dayOf(new Date()), to: dayOf(new Date()) }))
  const isFit = days.from !== '' && days.from <= days.to
  const isOwn = typeof range !== 'string'
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus position="bottom-start" shadow="md">
      <Popover.Target>
        <ActionButton
          action={chooseDays}
          variant={isOwn ? 'light' : 'default'}
          label={isOwn ? t('range.fromTo', { from: range.from, to: range.to }) : t('range.own')}
          act={() => setOpened(!opened)}
        />
      </Popover.Target>
      <Popover.Dropdown>
        <SubmitForm
          className="stack gap-12"
          onSubmit={() => {
            if (!isFit) return
            setOpened(false)
            void usage.choose({ range: days })
          }}
        >
          {(['from', 'to'] as const).map((end) => (
            <TextInput
              key={end}
              type="date"
              label={t(`range.${end}`)}
              max={dayOf(new Date())}
              value={days[end]}
              onChange={(event) => setDays({ ...days, [end]: event.currentTarget.value })}
            />
          ))}
          <Button type="submit" disabled={!isFit}>
            {t('range.show')}
          </Button>
        </SubmitForm>
      </Popover.Dropdown>
    </Popover>
  )
}

export function CsvButton({ usage }: { usage: Usage }) {
  const call = useCall()
  const download = async () => {
    const text = await call.run(() => usage.csv())
    if (text !== undefined) downloadText(`edgekeep-usage-${dayOf(new Date())}.csv`, 'text/csv', text)
  }
  return (
    <>
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <ActionButton action={saveUsage} variant="default" busy={call.busy} act={() => void download()} />
    </>
  )
}
