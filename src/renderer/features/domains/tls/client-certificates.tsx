import { ActionIcon, Input, SegmentedControl, Textarea } from '@mantine/core'
import { IconShieldCheck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../../../client/client.ts'
import type { CertificateFacts } from '../../../../contract/inspect/certificate-facts.ts'
import { clientCertificatesSchema, type TlsPolicy } from '../../../../contract/domains/tls-policy.ts'
import { DropZone } from '../../../ui/forms/drop-zone.tsx'
import { ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import classes from '../policies.module.css'
import { useEffect, useState } from 'react'
import { useClient } from '../../../connection/engine-context.tsx'
import { certificateBlocks } from '../../../ui/certificate/certificate-blocks.ts'

export function ClientCertificates({
  tls,
  onChange,
}: {
  tls: TlsPolicy
  onChange: (tls: TlsPolicy) => void
}) {
  const { t } = useTranslation(['protocol', 'policies'])
  return (
    <Input.Wrapper
      label={t('policies:fields.tls.clientCertificates')}
      description={t(`clientTexts.${tls.clientCertificates}`)}
      labelElement="div"
    >
      <SegmentedControl
        mt={6}
        aria-label={t('policies:fields.tls.clientCertificates')}
        data={clientCertificatesSchema.options.map((value) => ({ value, label: t(`clientModes.${value}`) }))}
        value={tls.clientCertificates}
        onChange={(value) => onChange({ ...tls, clientCertificates: clientCertificatesSchema.parse(value) })}
      />
      {tls.clientCertificates === 'off' ? null : (
        <Anchors
          anchors={tls.clientAnchors}
          onChange={(clientAnchors) => onChange({ ...tls, clientAnchors })}
        />
      )}
    </Input.Wrapper>
  )
}

function Anchors({ anchors, onChange }: { anchors: string[]; onChange: (anchors: string[]) => void }) {
  const { t } = useTranslation('protocol')
  const { titles, call, refusal, add } = useAnchors(anchors, onChange)
  return (
    <div className="stack gap-10 below-12">
      <p className="dim text-sm flush">{t('clientHeaders')}</p>
      <div className="medium">{t('anchors')}</div>
      {anchors.length === 0 ? <p className="dim text-sm flush">{t('anchorsNone')}</p> : null}
      <ul className={classes.tlsList} aria-label={t('anchors')}>
        {anchors.map((anchor) => {
          const title = titles.get(anchor) ?? t('anchorUnread')
          return (
            <li key={anchor} className={classes.anchor}>
              <IconShieldCheck size={16} stroke={1.7} aria-hidden />
              <span className="wrap grow">{title}</span>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('anchorRemove', { title })}
                onClick={() => onChange(anchors.filter((other) => other !== anchor))}
              >
                <IconX size={15} />
              </ActionIcon>
            </li>
          )
        })}
      </ul>
      <DropZone
        compact
        label={t('anchors')}
        text={t('anchorsDrop')}
        busy={call.busy}
        onFiles={(files) => void add(files)}
      />
      <Textarea
        aria-label={t('anchorsPasteLabel')}
        placeholder={t('anchorsPaste')}
        rows={2}
        value=""
        onChange={(event) => void add([new File([event.currentTarget.value], t('anchorsPasteLabel'))])}
      />
      <div role="alert">{refusal === null ? null : <p className="no flush">{refusal}</p>}</div>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </div>
  )
}

/** Titles of the trust anchors, and a function that adds anchors from files that the engine has checked. */
function useAnchors(anchors: string[], onChange: (anchors: string[]) => void) {
  const { t } = useTranslation('protocol')
  const client = useClient()
  const call = useCall()
  const [titles, setTitles] = useState<ReadonlyMap<string, string>>(new Map())
  const [refusal, setRefusal] = useState<string | null>(null)

  useEffect(() => {
    const abort = new AbortController()
    const unread = anchors.filter((anchor) => !titles.has(anchor))
    if (unread.length === 0) return undefined
    const files = unread.map((anchor) => new File([anchor], 'anchor.pem'))
    factsIn(client, files, abort.signal).then(
      (facts) => {
        const found = facts.map(({ title }) => title)
        setTitles(
          (before) => new Map([...before, ...unread.map((anchor, at) => [anchor, found[at] ?? ''] as const)]),
        )
      },
      () => undefined,
    )
    return () => abort.abort()
  }, [client, anchors, titles])

  async function add(files: File[]): Promise<void> {
    setRefusal(null)
    const found = await call.run(() => factsIn(client, files))
    if (!found) return
    const leaf = found.find(({ isCa }) => !isCa)
    if (found.length === 0) return setRefusal(t('anchorsNothing'))
    if (leaf) return setRefusal(t('anchorsNotOne', { title: leaf.title }))
    const texts = (await Promise.all(files.map(certificatesIn))).flat()
    if (texts.length === 0) return setRefusal(t('anchorsNothing'))
    onChange([...new Set([...anchors, ...texts])])
  }

  return { titles, call, refusal, add }
}

/** Facts of the certificates that the engine finds. */
async function factsIn(client: Client, files: File[], signal?: AbortSignal): Promise<CertificateFacts[]> {
  const { sessionId, report } = await client.inspect.open({ files }, signal && { signal })
  await client.inspect.close({ sessionId })
  return report.pieces.flatMap(({ certificate }) => certificate ?? [])
}

/** Extracts only the certificates: PEM blocks, or DER as base64. A key in the file goes no further. */
async function certificatesIn(file: File): Promise<string[]> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (bytes[0] === 0x30) return [btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))]
  return certificateBlocks(new TextDecoder('latin1').decode(bytes))
}
