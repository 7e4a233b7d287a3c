import { ActionIcon, Button, CloseButton, Popover, TextInput, Tooltip } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconBookmark } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SubmitForm } from '../forms/dialog.tsx'
import { useViewQuery, type Fields, type ListView } from './list-view.ts'
import classes from './views.module.css'
import { readSavedViews, type SavedView } from './saved-view.ts'

/** Filters of a list by name, in the preferences of this window. */
export function SavedViews<V extends Fields<V>>({ view }: { view: ListView<V> }) {
  const { t } = useTranslation('ui')
  const [opened, setOpened] = useState(false)
  const [saved, setSaved] = useLocalStorage<SavedView[]>({
    key: `edgekeep-views${view.page}`,
    defaultValue: [],
    getInitialValueInEffect: false,
    deserialize: readSavedViews,
  })
  const query = useViewQuery(view)
  const without = (name: string) => saved.filter((each) => each.name !== name)
  const choose = (chosen: SavedView) => {
    view.read(chosen.query)
    setOpened(false)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('views.title')} disabled={opened}>
          <ActionIcon
            variant="default"
            size={30}
            aria-label={t('views.title')}
            onClick={() => setOpened(!opened)}
          >
            <IconBookmark size={15} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('views.title')} className={classes.views}>
        {saved.length === 0 && query === '' ? <p className="dim flush">{t('views.none')}</p> : null}
        <ul className="plain-list">
          {saved.map((each) => (
            <li key={each.name} className="row gap-6">
              <Button
                variant="subtle"
                color="gray"
                size="compact-sm"
                justify="start"
                className="grow"
                aria-current={each.query === query}
                onClick={() => choose(each)}
              >
                {each.name}
              </Button>
              <CloseButton
                size="xs"
                aria-label={t('views.remove', { name: each.name })}
                onClick={() => setSaved(without(each.name))}
              />
            </li>
          ))}
        </ul>
        {query === '' ? null : <SaveForm onSave={(name) => setSaved([...without(name), { name, query }])} />}
      </Popover.Dropdown>
    </Popover>
  )
}

function SaveForm({ onSave }: { onSave: (name: string) => void }) {
  const { t } = useTranslation('ui')
  const [name, setName] = useState('')
  const submit = () => {
    if (name.trim() === '') return
    onSave(name.trim())
    setName('')
  }
  return (
    <SubmitForm onSubmit={submit} className={classes.saveView}>
      <TextInput
        size="xs"
        label={t('views.save')}
        className="fill"
        maxLength={40}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="default" disabled={name.trim() === ''}>
        {t('save')}
      </Button>
    </SubmitForm>
  )
}
