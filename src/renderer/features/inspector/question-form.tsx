import {
  Button,
  CloseButton,
  FileButton,
  Select,
  TextInput,
  Checkbox,
  Collapse,
  UnstyledButton,
} from '@mantine/core'
import { IconShieldCheck, IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useFocusBack } from '../../ui/primitives/focus.ts'
import { useSlow } from '../../ui/feedback/feedback.tsx'
import type { Inspector } from './inspector.ts'
import { purposes, profiles, type Question } from './inspector-state.ts'
import { rootFiles } from './given-files.ts'
import { localInputOf, timeOfLocalInput } from './local-time.ts'
import classes from './verdicts.module.css'
import { isObjectIdentifier } from '../../../contract/text/object-identifier.ts'
import { SubmitForm } from '../../ui/forms/dialog.tsx'

export function QuestionForm({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const { question } = inspector.store.getState()
  const slow = useSlow(useStore(inspector.store, (state) => state.diagnosis.busy))
  const button = useFocusBack(slow)
  const [host, setHost] = useState(question.host ?? '')
  const [at, setAt] = useState(localInputOf(question.at))
  const [purpose, setPurpose] = useState(question.purpose)
  const [rules, setRules] = useState(ruleDraft(question))
  const submit = () => {
    if (wrongOids(rules).length > 0) return
    void inspector.ask({
      host: host.trim() || null,
      at: timeOfLocalInput(at),
      purpose,
      ...rulesIn(rules),
    })
  }
  return (
    <SubmitForm className={classes.form} onSubmit={submit}>
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
    </SubmitForm>
  )
}

function Roots({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const anchors = useStore(inspector.store, (state) => state.anchors)
  const report = useStore(inspector.store, (state) => state.report)
  return (
    <div className={classes.roots}>
      <span className="dim text-xs">
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

type Rules = Pick<Question, 'profile' | 'policies'>
const switches = ['requireExplicit', 'inhibitMapping', 'inhibitAny'] as const

/** Input of the form; `oids` holds the object identifiers as one line of text. */
interface RuleDraft {
  profile: Question['profile']
  oids: string
  on: readonly (typeof switches)[number][]
}

function ruleDraft({ profile, policies: { acceptable = [], ...rest } }: Rules): RuleDraft {
  return { profile, oids: acceptable.join(' '), on: switches.filter((each) => rest[each]) }
}

function rulesIn({ profile, oids, on }: RuleDraft): Rules {
  const acceptable = oidsIn(oids)
  const policies = {
    ...(acceptable.length > 0 ? { acceptable } : {}),
    ...(on.includes('requireExplicit') && { requireExplicit: true }),
    ...(on.includes('inhibitMapping') && { inhibitMapping: true }),
    ...(on.includes('inhibitAny') && { inhibitAny: true }),
  }
  return { profile, policies }
}

function wrongOids({ oids }: RuleDraft): string[] {
  return oidsIn(oids).filter((oid) => !isObjectIdentifier(oid))
}

function oidsIn(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

/** Verification rules, collapsed to one line by default. */
function RuleFields(props: { draft: RuleDraft; onChange: (draft: RuleDraft) => void }) {
  const { t } = useTranslation('inspector')
  const { draft } = props
  const [wanted, setWanted] = useState(false)
  // An invalid field keeps the form expanded.
  const open = wanted || wrongOids(draft).length > 0
  const body = useId()
  const Chevron = open ? IconChevronDown : IconChevronRight
  const policies = draft.oids.trim() !== '' || draft.on.length > 0 ? 'WithPolicies' : ''
  return (
    <div className={classes.rules}>
      <UnstyledButton
        className={classes.rulesHead}
        aria-expanded={open}
        aria-controls={body}
        onClick={() => setWanted(!open)}
      >
        <Chevron size={14} aria-hidden />
        {t(`verify.rules.${draft.profile}${policies}`)}
      </UnstyledButton>
      <Collapse expanded={open} id={body}>
        {open ? <Fields {...props} /> : null}
      </Collapse>
    </div>
  )
}

function Fields({ draft, onChange }: { draft: RuleDraft; onChange: (draft: RuleDraft) => void }) {
  const { t } = useTranslation('inspector')
  const wrong = wrongOids(draft)
  return (
    <div className={classes.ruleFields}>
      <Select
        size="xs"
        label={t('verify.rules.profile')}
        allowDeselect={false}
        data={profiles.map((value) => ({ value, label: t(`verify.rules.profiles.${value}`) }))}
        value={draft.profile}
        onChange={(value) =>
          onChange({ ...draft, profile: profiles.find((one) => one === value) ?? 'rfc5280' })
        }
      />
      <TextInput
        size="xs"
        label={t('verify.rules.oids')}
        placeholder="2.23.140.1.2.1"
        spellCheck={false}
        value={draft.oids}
        error={
          wrong.length > 0
            ? t('verify.rules.oidsWrong', { count: wrong.length, oids: wrong.join(', ') })
            : undefined
        }
        onChange={(event) => onChange({ ...draft, oids: event.currentTarget.value })}
      />
      {switches.map((each) => (
        <Checkbox
          key={each}
          size="xs"
          label={t(`verify.rules.${each}`)}
          checked={draft.on.includes(each)}
          onChange={({ currentTarget: { checked } }) => {
            const others = draft.on.filter((one) => one !== each)
            onChange({ ...draft, on: checked ? [...others, each] : others })
          }}
        />
      ))}
    </div>
  )
}
