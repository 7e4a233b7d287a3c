import { Group, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { redirectCodeSchema, redirectModeSchema } from '../../../contract/domains/domains.ts'
import type { TagChanges } from '../../../contract/shared/tags.ts'
import type { RedirectChange } from '../../../domain/bulk-plan.ts'
import { TagsField } from '../forms/tags-field.tsx'

const codes = redirectCodeSchema.options.map(({ value }) => value)

export function RedirectFields(props: { value: RedirectChange; onChange: (value: RedirectChange) => void }) {
  const { t } = useTranslation('domains')
  const { mode, code } = props.value
  return (
    <Group gap="md" align="flex-end">
      <Select
        label={t('redirect.title')}
        w={200}
        data-autofocus
        allowDeselect={false}
        data={redirectModeSchema.options.map((value) => ({ value, label: t(`redirect.${value}`) }))}
        value={mode}
        onChange={(chosen) =>
          props.onChange({ mode: chosen ?? mode, code: chosen === 'none' ? undefined : code })
        }
      />
      {mode === 'none' ? null : (
        <Select
          label={t('redirect.code')}
          w={260}
          placeholder={t('bulk.sameCode')}
          clearable
          data={codes.map((each) => ({ value: String(each), label: t(`redirect.code${each}`) }))}
          value={code === undefined ? null : String(code)}
          onChange={(chosen) => props.onChange({ mode, code: codes.find((each) => String(each) === chosen) })}
        />
      )}
    </Group>
  )
}

/** `known`: tags to offer; `present`: those of the selected rows. */
export function TagFields(props: {
  known: readonly string[]
  present: readonly string[]
  value: TagChanges
  onChange: (value: TagChanges) => void
}) {
  const { t } = useTranslation('domains')
  const { known, present, value, onChange } = props
  return (
    <div className="stack gap-10">
      <TagsField
        label={t('bulk.addTags')}
        suggestions={known}
        data-autofocus
        value={value.add}
        onChange={(add) => onChange({ ...value, add })}
      />
      <TagsField
        label={t('bulk.removeTags')}
        suggestions={present}
        value={value.remove}
        onChange={(remove) => onChange({ ...value, remove })}
      />
    </div>
  )
}
