import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { usePolicy } from '../drafts/use-policy.ts'
import { NumberInput, Switch } from '@mantine/core'
import type { BodyPolicy } from '../../../../contract/domains/policies.ts'

export function BodySection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('policies')
  const draft = usePolicy(domain, 'body')
  return (
    <Section title={t('body.title')} description={t('body.text')}>
      <BodyFields value={draft.value} onChange={draft.change} />
      <DraftFooter draft={draft} call={draft.call} onSave={() => void draft.save()} save={t('body.save')} />
    </Section>
  )
}

const megabyte = 1_000_000
const firstMegabytes = 10

/** Shown in megabytes; a value set in bytes by the command line is shown exactly. */
export function BodyFields(props: { value: BodyPolicy; onChange: (value: BodyPolicy) => void }) {
  const { t } = useTranslation('policies')
  const { maxBytes } = props.value
  return (
    <div>
      <Switch
        label={t('body.switch')}
        description={t('body.switchText')}
        checked={maxBytes !== null}
        onChange={(event) =>
          props.onChange({ maxBytes: event.currentTarget.checked ? firstMegabytes * megabyte : null })
        }
      />
      {maxBytes === null ? null : (
        <NumberInput
          mt={12}
          w={180}
          label={t('body.size')}
          min={0.001}
          decimalScale={6}
          suffix=" MB"
          allowNegative={false}
          value={maxBytes / megabyte}
          onChange={(size) => props.onChange({ maxBytes: Math.max(Math.round(Number(size) * megabyte), 1) })}
        />
      )}
    </div>
  )
}
