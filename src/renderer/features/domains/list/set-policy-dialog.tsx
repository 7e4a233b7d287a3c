import { Group, Modal, Select, Stack, Switch } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { headerRuleFault } from '../../../../contract/domains/header-rules.ts'
import { hstsFault, hstsNotes } from '../../../../contract/domains/hsts.ts'
import type { PolicyChanges } from '../../../../contract/domains/policies.ts'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { AccessFields, AccessNotes } from '../access/access-section.tsx'
import { BodyFields } from '../access/body-section.tsx'
import { HeaderFields } from '../headers/headers-section.tsx'
import { HstsFields, HstsNotes } from '../redirects/hsts-section.tsx'
import { CancelButton } from '../../../ui/forms/dialog.tsx'
import { namesInShort } from '../../../ui/lists/names-in-short.ts'

const sections = ['hsts', 'headers', 'access', 'body', 'findings'] as const
type Section = (typeof sections)[number]
type Draft = Required<Pick<PolicyChanges, Section>>

const start: Draft = {
  hsts: { days: null, includeSubDomains: false, preload: false },
  headers: { rules: [] },
  access: { allow: null, users: null, realm: 'Edgekeep', forwardAuthorization: false },
  body: { maxBytes: null },
  findings: { watch: false },
}

export function SetPolicyDialog(props: {
  domains: readonly Domain[]
  onClose: () => void
  onDone: () => void
}) {
  const { t } = useTranslation('policies')
  const call = useCall()
  const [section, setSection] = useState<Section>('hsts')
  const [draft, setDraft] = useState(start)
  const count = props.domains.length
  const save = async () => {
    const domains = props.domains.map(({ name }) => name)
    const policies = { [section]: draft[section] } as PolicyChanges
    const done = await call.run((client) => client.domains.setPolicies({ domains, policies }))
    if (!done) return
    notifyDone(t('batch.done', { count }))
    props.onDone()
  }
  return (
    <Modal opened onClose={props.onClose} title={t('batch.setTitle', { count })} size="xl" centered>
      <Stack gap="md">
        <p className="flush">
          {t('batch.setText', { domains: namesInShort(props.domains.map(({ name }) => name)) })}
        </p>
        <Select
          label={t('batch.section')}
          allowDeselect={false}
          data={sections.map((value) => ({ value, label: t(`${value}.title`) }))}
          value={section}
          onChange={(wanted) => setSection(sections.find((one) => one === wanted) ?? section)}
        />
        <SectionFields section={section} draft={draft} onChange={setDraft} domains={props.domains} />
        {call.error ? <ErrorPanel error={call.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <CancelButton onClick={props.onClose} />
          <ChangeButton disabled={isFaulty(section, draft)} loading={call.busy} onClick={() => void save()}>
            {t('batch.save', { count })}
          </ChangeButton>
        </Group>
      </Stack>
    </Modal>
  )
}

function isFaulty(section: Section, draft: Draft): boolean {
  if (section === 'hsts') return hstsFault(draft.hsts) !== null
  return section === 'headers' && draft.headers.rules.some((rule) => headerRuleFault(rule) !== null)
}

function SectionFields(props: {
  section: Section
  draft: Draft
  onChange: (draft: Draft) => void
  domains: readonly Domain[]
}) {
  const { t } = useTranslation('policies')
  const { section, draft, onChange } = props
  switch (section) {
    case 'hsts':
      return (
        <>
          <HstsFields value={draft.hsts} onChange={(hsts) => onChange({ ...draft, hsts })} />
          <HstsNotes notes={hstsNotes(props.domains[0]?.name ?? '', draft.hsts, 'none')} />
        </>
      )
    case 'headers':
      return (
        <HeaderFields
          rules={draft.headers.rules}
          onChange={(rules) => onChange({ ...draft, headers: { rules } })}
        />
      )
    case 'access':
      return (
        <>
          <AccessFields value={draft.access} onChange={(access) => onChange({ ...draft, access })} />
          <AccessNotes domains={props.domains} value={draft.access} />
        </>
      )
    case 'body':
      return <BodyFields value={draft.body} onChange={(body) => onChange({ ...draft, body })} />
    case 'findings':
      return (
        <Switch
          label={t('findings.watch')}
          description={t('findings.watchText')}
          checked={draft.findings.watch}
          onChange={(event) => onChange({ ...draft, findings: { watch: event.currentTarget.checked } })}
        />
      )
  }
}
