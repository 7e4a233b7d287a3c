import { CloseButton, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import type { ReactNode, Ref } from 'react'

/** A field that narrows a list as it is typed into; Escape and its cross empty it. */
export function SearchField(props: {
  label: string
  placeholder: string
  clearLabel: string
  value: string
  onChange: (value: string) => void
  className?: string | undefined
  /** In the place of the cross while the field is empty. */
  hint?: ReactNode
  ref?: Ref<HTMLInputElement>
}) {
  const { value, onChange } = props
  return (
    <TextInput
      ref={props.ref}
      type="search"
      size="xs"
      className={props.className}
      aria-label={props.label}
      placeholder={props.placeholder}
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={
        value === '' ? (
          props.hint
        ) : (
          <CloseButton size="xs" aria-label={props.clearLabel} onClick={() => onChange('')} />
        )
      }
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && onChange('')}
    />
  )
}
