import { Group, Select, TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { redirectCodeSchema, redirectModeSchema, type Domain } from '../../../contract/domains/domains.ts'
import { tagLimits, type TagChanges } from '../../../contract/shared/tags.ts'
import type { RedirectChange } from '../../../domain/bulk-plan.ts'
import { compareText } from '../../../domain/compare.ts'
import { useDomains } from '../../connection/engine-context.tsx'

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

export function TagFields(props: {
  domains: readonly Domain[]
  value: TagChanges
  onChange: (value: TagChanges) => void
}) {
  const { t } = useTranslation('domains')
  const { domains, value, onChange } = props
  const known = useDomains((state) => state.items)
  const short = (tags: string[]) => tags.map((tag) => tag.trim().slice(0, tagLimits.length)).filter(Boolean)
  return (
    <div className="stack gap-10">
      <TagsInput
        label={t('bulk.addTags')}
        data={tagsOf(known)}
        maxTags={tagLimits.count}
        acceptValueOnBlur
        data-autofocus
        value={value.add}
        onChange={(add) => onChange({ ...value, add: short(add) })}
      />
      <TagsInput
        label={t('bulk.removeTags')}
        data={tagsOf(domains)}
        maxTags={tagLimits.count}
        acceptValueOnBlur
        value={value.remove}
        onChange={(remove) => onChange({ ...value, remove: short(remove) })}
      />
    </div>
  )
}

function tagsOf(domains: readonly Domain[]): string[] {
  return [...new Set(domains.flatMap(({ tags }) => tags))].toSorted(compareText)
}
