import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { headerRuleFault, type HeaderRule } from '../../../../contract/domains/header-rules.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { usePolicy } from '../drafts/use-policy.ts'
import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import classes from '../policies.module.css'

export function HeadersSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('policies')
  const draft = usePolicy(domain, 'headers')
  const { rules } = draft.value
  return (
    <Section title={t('fields.headers.rules')} description={t('headers.text')}>
      <HeaderFields rules={rules} onChange={(changed) => draft.change({ rules: changed })} />
      <DraftFooter
        draft={draft}
        call={draft.call}
        onSave={() => void draft.save()}
        save={t('headers.save')}
        disabled={rules.some((rule) => headerRuleFault(rule) !== null)}
      />
    </Section>
  )
}

const ways = ['request', 'response'] as const
const actions = ['set', 'add', 'drop'] as const
const empty: HeaderRule = { on: 'response', action: 'set', name: '', value: '' }

/** Header rules as rows, applied from top to bottom. */
export function HeaderFields(props: { rules: HeaderRule[]; onChange: (rules: HeaderRule[]) => void }) {
  const { t } = useTranslation('policies')
  const { rules, onChange } = props
  const [added, setAdded] = useState(false)
  return (
    <div>
      {rules.length > 0 ? (
        <ol className={classes.rules} aria-label={t('fields.headers.rules')}>
          {rules.map((rule, at) => (
            <li key={at}>
              <RuleRow
                rule={rule}
                number={at + 1}
                takesFocus={added && at === rules.length - 1}
                onChange={(changed) => onChange(rules.with(at, changed))}
                onRemove={() => onChange(rules.toSpliced(at, 1))}
                onUp={at > 0 ? () => onChange(swapped(rules, at - 1)) : null}
                onDown={at < rules.length - 1 ? () => onChange(swapped(rules, at)) : null}
              />
            </li>
          ))}
        </ol>
      ) : (
        <p className={classes.quiet}>{t('headers.none')}</p>
      )}
      <Button
        variant="default"
        leftSection={<IconPlus size={15} />}
        disabled={rules.length >= 100}
        onClick={() => {
          setAdded(true)
          onChange([...rules, empty])
        }}
      >
        {t('headers.more')}
      </Button>
    </div>
  )
}

/** Swaps the rule at `at` with the next one. */
function swapped(rules: HeaderRule[], at: number): HeaderRule[] {
  return [...rules.slice(0, at), ...rules.slice(at, at + 2).toReversed(), ...rules.slice(at + 2)]
}

function RuleRow(props: {
  rule: HeaderRule
  number: number
  /** Focuses the name field on mount. */
  takesFocus: boolean
  onChange: (rule: HeaderRule) => void
  onRemove: () => void
  onUp: (() => void) | null
  onDown: (() => void) | null
}) {
  const { t } = useTranslation('policies')
  const { rule, number, onChange } = props
  // An empty name is not an error while the user is typing.
  const fault = rule.name === '' ? null : headerRuleFault(rule)
  const label = (field: 'on' | 'action' | 'name' | 'value') => t(`headers.${field}Of`, { number })
  return (
    <>
      <div className={classes.rule}>
        <Select
          className={classes.ruleOn}
          aria-label={label('on')}
          allowDeselect={false}
          data={ways.map((value) => ({ value, label: t(`headers.${value}`) }))}
          value={rule.on}
          onChange={(on) => onChange({ ...rule, on: ways.find((one) => one === on) ?? rule.on })}
        />
        <Select
          className={classes.ruleAction}
          aria-label={label('action')}
          allowDeselect={false}
          data={actions.map((value) => ({ value, label: t(`headers.${value}`) }))}
          value={rule.action}
          onChange={(wanted) => {
            const action = actions.find((one) => one === wanted) ?? rule.action
            onChange({ ...rule, action, value: action === 'drop' ? '' : rule.value })
          }}
        />
        <TextInput
          className={classes.ruleName}
          aria-label={label('name')}
          placeholder={t('headers.namePlaceholder')}
          autoFocus={props.takesFocus}
          spellCheck={false}
          error={fault !== null}
          value={rule.name}
          onChange={(event) => onChange({ ...rule, name: event.currentTarget.value.trim() })}
        />
        {rule.action === 'drop' ? null : (
          <TextInput
            className={classes.ruleValue}
            aria-label={label('value')}
            placeholder={t('headers.valuePlaceholder')}
            spellCheck={false}
            value={rule.value}
            onChange={(event) => onChange({ ...rule, value: event.currentTarget.value })}
          />
        )}
        <div className={classes.ruleActs}>
          <RowAct label={t('headers.up', { number })} onClick={props.onUp} icon={IconArrowUp} />
          <RowAct label={t('headers.down', { number })} onClick={props.onDown} icon={IconArrowDown} />
          <RowAct label={t('headers.remove', { number })} onClick={props.onRemove} icon={IconTrash} />
        </div>
      </div>
      {fault === null ? null : (
        <p className="no flush below-4" role="alert">
          {t('headers.fault', { fault })}
        </p>
      )}
    </>
  )
}

function RowAct(props: { label: string; onClick: (() => void) | null; icon: typeof IconTrash }) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={props.label}
      title={props.label}
      disabled={props.onClick === null}
      onClick={() => props.onClick?.()}
    >
      <props.icon size={15} stroke={1.7} />
    </ActionIcon>
  )
}
