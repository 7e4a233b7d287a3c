import {
  Checkbox,
  NumberInput,
  Select,
  Textarea,
  TextInput,
  Input,
  SegmentedControl,
  Stack,
} from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ServerOrigin, FolderOrigin, Origin } from '../../../../contract/domains/origins.ts'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import classes from '../domain-page.module.css'
import { useState } from 'react'
import { firstServer, looksLikeHost, looksLikePort } from './origin-value.ts'

const usesHttp = ({ protocol }: ServerOrigin) => protocol !== 'https'
const usesHttps = ({ protocol }: ServerOrigin) => protocol === 'https' || protocol === 'follow'

interface Fields {
  origin: ServerOrigin
  onChange: (origin: ServerOrigin) => void
}

function ServerFields({ origin, problems, onChange }: Fields & { problems: string[] }) {
  const { t } = useTranslation('domains')
  return (
    <>
      <div className={classes.fields}>
        <TextInput
          label={t('origin.host')}
          value={origin.host}
          onChange={(event) => onChange({ ...origin, host: event.currentTarget.value.trim() })}
          error={problems.includes('host') ? t('origin.invalidHost') : undefined}
          spellCheck={false}
        />
        {(['httpPort', 'httpsPort'] as const).map((port) => (
          <NumberInput
            key={port}
            label={t(`origin.${port}`)}
            min={1}
            max={65535}
            hideControls
            allowDecimal={false}
            allowNegative={false}
            disabled={port === 'httpPort' ? !usesHttp(origin) : !usesHttps(origin)}
            value={origin[port]}
            onChange={(value) =>
              onChange({ ...origin, [port]: typeof value === 'number' ? value : Number(value) })
            }
            error={problems.includes(port) ? t('origin.invalidPort') : undefined}
          />
        ))}
      </div>
      <div className={classes.half}>
        <TextInput
          label={t('origin.hostHeader')}
          placeholder={t('origin.hostHeaderPlaceholder')}
          value={origin.hostHeader ?? ''}
          onChange={(event) => onChange({ ...origin, hostHeader: event.currentTarget.value.trim() || null })}
          spellCheck={false}
        />
        <TextInput
          label={t('origin.sni')}
          placeholder={t('origin.sniPlaceholder')}
          disabled={!usesHttps(origin)}
          value={origin.sni ?? ''}
          onChange={(event) => onChange({ ...origin, sni: event.currentTarget.value.trim() || null })}
          spellCheck={false}
        />
      </div>
      {usesHttps(origin) ? <TlsFields origin={origin} onChange={onChange} /> : null}
    </>
  )
}

const trusts = ['usual', 'given', 'none'] as const
type Trust = (typeof trusts)[number]

function TlsFields({ origin, onChange }: Fields) {
  const { t } = useTranslation('domains')
  const trust: Trust = !origin.verify ? 'none' : origin.anchorsPem === null ? 'usual' : 'given'
  const choose = (value: Trust) =>
    onChange({
      ...origin,
      verify: value !== 'none',
      anchorsPem: value === 'given' ? (origin.anchorsPem ?? '') : null,
    })
  return (
    <>
      <Select
        label={t('origin.trust')}
        description={t(`origin.trustTexts.${trust}`)}
        allowDeselect={false}
        data={trusts.map((value) => ({ value, label: t(`origin.trusts.${value}`) }))}
        value={trust}
        onChange={(value) => choose(trusts.find((one) => one === value) ?? 'usual')}
      />
      {trust === 'given' ? (
        <Textarea
          label={t('origin.anchors')}
          placeholder="-----BEGIN CERTIFICATE-----"
          autosize
          minRows={3}
          maxRows={8}
          value={origin.anchorsPem ?? ''}
          onChange={(event) => onChange({ ...origin, anchorsPem: event.currentTarget.value })}
          spellCheck={false}
        />
      ) : null}
      {trust === 'none' ? (
        <VerdictRow verdict="caution" label={t('origin.unverified')} reason={t('origin.unverifiedText')} />
      ) : null}
      <Checkbox
        label={t('origin.http2')}
        description={t('origin.http2Text')}
        checked={origin.http2}
        onChange={(event) => onChange({ ...origin, http2: event.currentTarget.checked })}
      />
    </>
  )
}

const protocols = ['follow', 'http', 'https', 'h2c', 'folder'] as const

type Field = 'host' | 'httpPort' | 'httpsPort' | 'folder' | 'anchorsPem'

export function originProblems(origin: Origin): Field[] {
  if (origin.protocol === 'folder') return origin.folder.trim() === '' ? ['folder'] : []
  const ports = { httpPort: usesHttp(origin), httpsPort: usesHttps(origin) }
  return [
    ...(looksLikeHost(origin.host) ? [] : (['host'] as const)),
    ...(['httpPort', 'httpsPort'] as const).filter((port) => ports[port] && !looksLikePort(origin[port])),
    ...(origin.anchorsPem?.trim() === '' ? (['anchorsPem'] as const) : []),
  ]
}

export function OriginFields({ origin, onChange }: { origin: Origin; onChange: (origin: Origin) => void }) {
  const { t } = useTranslation('domains')
  // Keeps the input of the other kind while switching.
  const [server, setServer] = useState<ServerOrigin>(firstServer)
  const [folder, setFolder] = useState<FolderOrigin>({ protocol: 'folder', folder: '', dotFiles: false })
  const choose = (value: string) => {
    const protocol = protocols.find((one) => one === value) ?? 'http'
    if (origin.protocol === 'folder') setFolder(origin)
    else setServer(origin)
    const now = origin.protocol === 'folder' ? server : origin
    onChange(protocol === 'folder' ? (origin.protocol === 'folder' ? origin : folder) : { ...now, protocol })
  }
  return (
    <Stack gap={14}>
      <Input.Wrapper
        label={t('origin.protocol')}
        description={t(`origin.protocolTexts.${origin.protocol}`)}
        labelElement="div"
      >
        <SegmentedControl
          mt={6}
          aria-label={t('origin.protocol')}
          data={protocols.map((value) => ({ value, label: t(`origin.protocols.${value}`) }))}
          value={origin.protocol}
          onChange={choose}
        />
      </Input.Wrapper>
      {origin.protocol === 'folder' ? (
        <FolderFields origin={origin} onChange={onChange} />
      ) : (
        <ServerFields origin={origin} problems={originProblems(origin)} onChange={onChange} />
      )}
    </Stack>
  )
}

function FolderFields({
  origin,
  onChange,
}: {
  origin: FolderOrigin
  onChange: (origin: FolderOrigin) => void
}) {
  const { t } = useTranslation('domains')
  return (
    <>
      <TextInput
        label={t('origin.folder')}
        description={t('origin.folderText')}
        placeholder={t('origin.folderPlaceholder')}
        value={origin.folder}
        // Another folder has another boundary.
        onChange={({ currentTarget }) => {
          const { boundary: _, ...rest } = origin
          onChange({ ...rest, folder: currentTarget.value })
        }}
        spellCheck={false}
      />
      <Checkbox
        label={t('origin.dotFiles')}
        description={t('origin.dotFilesText')}
        checked={origin.dotFiles}
        onChange={(event) => onChange({ ...origin, dotFiles: event.currentTarget.checked })}
      />
    </>
  )
}
