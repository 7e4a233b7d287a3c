import { Button, CloseButton, FileButton, Select, TextInput } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useFocusBack } from '../../ui/primitives/focus.ts'
import { useSlow } from '../../ui/feedback/feedback.tsx'
import type { Inspector } from './inspector.ts'
import { purposes } from './inspector-state.ts'
import { RuleFields, ruleDraft, rulesIn, wrongOids } from './rule-fields.tsx'
import { rootFiles } from './files-of-report.ts'
import { localInputOf, timeOfLocalInput } from './local-time.ts'
import classes from './verification.module.css'

export function QuestionForm({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const { question } = inspector.store.getState()
  const slow = useSlow(useStore(inspector.store, (state) => state.diagnosis.busy))
  const button = useFocusBack(slow)
  const [host, setHost] = useState(question.host ?? '')
  const [at, setAt] = useState(localInputOf(question.at))
  const [purpose, setPurpose] = useState(question.purpose)
  const [rules, setRules] = useState(ruleDraft(question))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wrongOids(rules).length > 0) return
    void inspector.ask({
      host: host.trim() || null,
      at: timeOfLocalInput(at),
      purpose,
      ...rulesIn(rules),
    })
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        size="xs"
        label={t('verify.host')}
        placeholder={t('verify.hostPlaceholder')}
        value={host}
        maxLength={255}
        spellCheck={false}
        onChange={(event) => setHost(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        type="datetime-local"
        label={t('verify.at')}
        value={at}
        onChange={(event) => setAt(event.currentTarget.value)}
      />
      <Select
        size="xs"
        w={104}
        label={t('verify.purpose')}
        allowDeselect={false}
        data={purposes.map((value) => ({ value, label: t(`verify.purposes.${value}`) }))}
        value={purpose}
        onChange={(value) => setPurpose(purposes.find((one) => one === value) ?? 'server')}
      />
      <Button ref={button} type="submit" variant="default" loading={slow}>
        {t('verify.run')}
      </Button>
      <RuleFields draft={rules} onChange={setRules} />
      <Roots inspector={inspector} />
    </form>
  )
}

function Roots({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const anchors = useStore(inspector.store, (state) => state.anchors)
  const report = useStore(inspector.store, (state) => state.report)
  return (
    <div className={classes.roots}>
      <span className={classes.dim}>
        {anchors.length === 0 ? t('verify.usualRoots') : t('verify.ownRoots', { files: anchors.join(', ') })}
      </span>
      {anchors.length > 0 ? (
        <CloseButton size="xs" aria-label={t('verify.noRoots')} onClick={() => void inspector.trust([])} />
      ) : null}
      {anchors.length === 0 && report
        ? rootFiles(report, inspector.files()).map((file) => (
            <Button
              key={file.name}
              variant="subtle"
              size="compact-xs"
              leftSection={<IconShieldCheck size={14} stroke={1.8} />}
              onClick={() => void inspector.trust([file])}
            >
              {t('verify.trustFile', { file: file.name })}
            </Button>
          ))
        : null}
      <FileButton multiple onChange={(files) => void inspector.trust(files)}>
        {(props) => (
          <Button variant="subtle" size="compact-xs" {...props}>
            {t('verify.roots')}
          </Button>
        )}
      </FileButton>
    </div>
  )
}
