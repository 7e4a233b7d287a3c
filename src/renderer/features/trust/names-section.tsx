import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NamesReport, NameLeads, NameReport } from '../../../contract/names/names.ts'
import { portConflictMessage } from '../../../domain/port-conflict.ts'
import { useEngineStatus } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { leadSuffix, pointNames } from './actions.ts'
import type { PlannedAct } from './plan-dialog.tsx'
import classes from './trust.module.css'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDotted,
  IconCircleX,
  IconClockQuestion,
  IconSitemap,
} from '@tabler/icons-react'
import { readableName } from '../../../contract/text/readable-name.ts'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { SubmitForm, CancelButton } from '../../ui/forms/dialog.tsx'
import { ListRows, type RowAttributes } from '../../ui/lists/visible-rows.tsx'
import { SearchField } from '../../ui/lists/search-field.tsx'
import { type Call, ErrorPanel, LoadingRows } from '../../ui/feedback/feedback.tsx'

interface Names {
  /** Null until known. */
  names: NamesReport | null
  call: Call
  ask: (act: PlannedAct) => void
}

/** Resolution of each domain, and the suffixes that point to this computer. */
export function NamesSection({ names, call, ask }: Names) {
  const { t } = useTranslation('trust')
  const conflicts = useEngineStatus((state) => state.value?.portConflicts)
  const [asked, setAsked] = useState(false)
  const [typed, setTyped] = useState('')
  const [search, setSearch] = useState('')
  const all = names?.names ?? []
  const shown = all.filter((name) => textOf(name).includes(search.trim().toLowerCase()))
  const missing = shown.flatMap(({ install }) => (install === null ? [] : [install]))
  const open = () => {
    setTyped('')
    setAsked(true)
  }
  return (
    <Section
      title={t('names.title')}
      description={t('names.description')}
      aside={
        <Group gap="xs">
          {missing.length > 1 ? (
            <ActionButton
              action={pointNames}
              size="xs"
              variant="default"
              label={t('names.pointAll', { count: missing.length })}
              act={() => ask({ action: 'install', domains: missing })}
            />
          ) : null}
          <ActionButton action={leadSuffix} size="xs" variant="default" act={open} />
        </Group>
      }
    >
      {conflicts?.map((each) => (
        <p key={`${each.use} ${each.holder.uid}`} className="no flush pretty above-12" role="alert">
          {portConflictMessage(each)}
        </p>
      ))}
      {call.error ? <ErrorPanel error={call.error} /> : names ? null : <LoadingRows rows={3} height={40} />}
      {names?.names.length === 0 ? <p>{t('names.none')}</p> : null}
      {all.length >= filterFrom ? (
        <SearchField
          className={classes.search}
          label={t('names.filter')}
          placeholder={t('names.filter')}
          clearLabel={t('names.clear')}
          value={search}
          onChange={setSearch}
        />
      ) : null}
      <ul className="plain-list">
        {names?.suffixes.names.map((suffix) => (
          <SuffixRow key={suffix} suffix={suffix} suffixes={names.suffixes} ask={ask} />
        ))}
        <ListRows items={shown} keyOf={({ host }) => host} height={69}>
          {(name, row) => <NameRow name={name} row={row} ask={ask} />}
        </ListRows>
      </ul>
      {asked ? (
        <SuffixDialog
          typed={typed}
          onClose={() => setAsked(false)}
          onChosen={(suffix) => {
            setAsked(false)
            setTyped(suffix)
            ask({ action: 'install', suffixes: [suffix], back: () => setAsked(true) })
          }}
        />
      ) : null}
    </Section>
  )
}

const filterFrom = 8

function textOf({ host, sentence }: NameReport): string {
  return `${host} ${readableName(host)} ${sentence}`.toLowerCase()
}

const signs: Record<NameLeads, typeof IconCircleX> = {
  here: IconCircleCheck,
  browsers: IconCircleCheck,
  other: IconAlertTriangle,
  elsewhere: IconCircleX,
  nowhere: IconCircleDotted,
  unanswered: IconClockQuestion,
}

function NameRow(props: { name: NameReport; row: RowAttributes; ask: (act: PlannedAct) => void }) {
  const { name, row, ask } = props
  const { t } = useTranslation('trust')
  const { host, leads, sentence, answers, notes, browsers, fix, install, inHosts } = name
  const Sign = signs[leads]
  return (
    <li {...row} className={classes.row}>
      <Sign size={20} className={classes.sign} data-leads={leads} aria-hidden />
      <div className={classes.facts}>
        <div className="strong">
          <span title={host}>{readableName(host)}</span>{' '}
          <span className={classes.state}>{t(`names.state.${leads}`)}</span>
        </div>
        <div>
          {sentence} {answers}
        </div>
        {notes.map((note) => (
          <div key={note}>{note}</div>
        ))}
        {browsers.map((browser) => (
          <div key={browser.name}>{t('names.browser', browser)}</div>
        ))}
        {fix && install === null ? <div className="text-sm">{t('names.todo', { fix })}</div> : null}
      </div>
      {install === null ? null : (
        <ChangeButton
          size="xs"
          variant="default"
          aria-label={t('names.pointName', { host })}
          onClick={() => ask({ action: 'install', domains: [install] })}
        >
          {t('names.point')}
        </ChangeButton>
      )}
      {inHosts ? (
        <ChangeButton
          size="xs"
          variant="subtle"
          aria-label={t('names.undoName', { host })}
          onClick={() => ask({ action: 'undo', domains: [host] })}
        >
          {t('names.undo')}
        </ChangeButton>
      ) : null}
    </li>
  )
}

/** A suffix that points to this computer, and whether the DNS responder answers for it. */
function SuffixRow(props: {
  suffix: string
  suffixes: NamesReport['suffixes']
  ask: (act: PlannedAct) => void
}) {
  const { t } = useTranslation('trust')
  const { suffix, suffixes, ask } = props
  const { port, isAnswered, place } = suffixes
  return (
    <li className={classes.row}>
      <IconSitemap size={20} className={classes.sign} aria-hidden />
      <div className={classes.facts}>
        <div className="strong">{t('names.suffixes', { suffix })}</div>
        <div>{t(isAnswered ? 'names.answered' : 'names.unanswered', { port })}</div>
        <div className="dim text-xs wrap">{place}</div>
      </div>
      <ChangeButton
        size="xs"
        variant="subtle"
        aria-label={t('names.undoSuffix', { suffix })}
        onClick={() => ask({ action: 'undo', suffixes: [suffix] })}
      >
        {t('names.undo')}
      </ChangeButton>
    </li>
  )
}

/** Asks for a suffix; the plan follows. */
function SuffixDialog({
  typed,
  onClose,
  onChosen,
}: {
  typed: string
  onClose: () => void
  onChosen: (suffix: string) => void
}) {
  const { t } = useTranslation('trust')
  const [suffix, setSuffix] = useState(typed)
  const submit = () => {
    onChosen(suffix.trim())
  }
  return (
    <Modal opened onClose={onClose} title={t('suffix.title')} size="md" centered>
      <SubmitForm onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t('suffix.label')}
            placeholder={t('suffix.placeholder')}
            value={suffix}
            onChange={(event) => setSuffix(event.currentTarget.value)}
            spellCheck={false}
            autoComplete="off"
            data-autofocus
          />
          <p className="flush">{t('suffix.text')}</p>
          <Group justify="flex-end" gap="xs">
            <CancelButton onClick={onClose} />
            <Button type="submit" disabled={suffix.trim() === ''}>
              {t('suffix.next')}
            </Button>
          </Group>
        </Stack>
      </SubmitForm>
    </Modal>
  )
}
