import { TagsInput } from '@mantine/core'
import { useState } from 'react'
import { tagLimits } from '../../../contract/shared/tags.ts'

/** Tags of a domain or certificate. Its list is open only while it has a suggestion, and never by focus alone. */
export function TagsField(props: {
  label: string
  description?: string
  suggestions: readonly string[]
  value: readonly string[]
  onChange: (tags: string[]) => void
  'data-autofocus'?: boolean
}) {
  const { suggestions, value, onChange, ...shown } = props
  const [search, setSearch] = useState('')
  const [isOpen, setOpen] = useState(false)
  const typed = search.trim().toLowerCase()
  const isSuggested = suggestions.some((tag) => !value.includes(tag) && tag.toLowerCase().includes(typed))
  const type = (text: string) => {
    setSearch(text)
    setOpen(text !== '')
  }
  return (
    <TagsInput
      {...shown}
      data={suggestions}
      maxTags={tagLimits.count}
      acceptValueOnBlur
      openOnFocus={false}
      dropdownOpened={isOpen && isSuggested}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      onClick={() => setOpen(true)}
      searchValue={search}
      onSearchChange={type}
      value={[...value]}
      onChange={(tags) => onChange(tags.map(shortTag).filter(Boolean))}
    />
  )
}

function shortTag(tag: string): string {
  return tag.trim().slice(0, tagLimits.length)
}
