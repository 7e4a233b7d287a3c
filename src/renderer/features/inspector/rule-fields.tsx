import { Checkbox, Collapse, Select, TextInput, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isObjectIdentifier } from '../../../contract/text/object-identifier.ts'
import { profiles, type Question } from './inspector-state.ts'
import classes from './verification.module.css'

type Rules = Pick<Question, 'profile' | 'policies'>
const switches = ['requireExplicit', 'inhibitMapping', 'inhibitAny'] as const

/** Input of the form; `oids` holds the object identifiers as one line of text. */
export interface RuleDraft {
  profile: Question['profile']
  oids: string
  on: readonly (typeof switches)[number][]
}

export function ruleDraft({ profile, policies: { acceptable = [], ...rest } }: Rules): RuleDraft {
  return { profile, oids: acceptable.join(' '), on: switches.filter((each) => rest[each]) }
}

export function rulesIn({ profile, oids, on }: RuleDraft): Rules {
  const acceptable = oidsIn(oids)
  const policies = {
    ...(acceptable.length > 0 ? { acceptable } : {}),
    ...(on.includes('requireExplicit') && { requireExplicit: true }),
    ...(on.includes('inhibitMapping') && { inhibitMapping: true }),
    ...(on.includes('inhibitAny') && { inhibitAny: true }),
  }
  return { profile, policies }
}

export function wrongOids({ oids }: RuleDraft): string[] {
  return oidsIn(oids).filter((oid) => !isObjectIdentifier(oid))
}

function oidsIn(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

/** Verification rules, collapsed to one line by default. */
export function RuleFields(props: { draft: RuleDraft; onChange: (draft: RuleDraft) => void }) {
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
