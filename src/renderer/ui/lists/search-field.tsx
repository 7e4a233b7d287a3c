import { CloseButton, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import type { ReactNode, Ref } from 'react'

/** Field that filters a list as the user types; Escape or the clear button empties it. */
export function SearchField(props: {
  label: string
  placeholder: string
  clearLabel: string
  value: string
  onChange: (value: string) => void
  className?: string
  /** Replaces the clear button while the field is empty. */
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
