import { Checkbox, Input, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FolderOrigin, Origin, ServerOrigin } from '../../../../contract/domains/origins.ts'
import { firstServer, looksLikeHost, looksLikePort } from './origin-value.ts'
import { ServerFields, usesHttp, usesHttps } from './server-fields.tsx'

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
        onChange={(event) => onChange({ ...origin, folder: event.currentTarget.value })}
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
