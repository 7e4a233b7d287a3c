import { useLookAgain } from '../../../ui/primitives/look-again.ts'
import { useClient, useConnection, useEngineStatus } from '../../../connection/engine-context.tsx'
import { Anchor, NumberInput } from '@mantine/core'
import { useState, useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ListedContainer } from '../../../../contract/containers/containers.ts'
import { visibleText } from '../../../../contract/text/visible-text.ts'
import { ErrorPanel, notifyDone, useCall } from '../../../ui/feedback/feedback.tsx'
import { SubmitForm } from '../../../ui/forms/dialog.tsx'
import { ChangeButton } from '../../../ui/primitives/change-controls.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { domainPath } from '../paths.ts'
import classes from './projects.module.css'

/** Running containers of Docker and Podman, each of which a click makes an origin. */
export function ContainersSection() {
  const { t } = useTranslation('projects')
  const containers = useContainers()
  if (containers.length === 0) return null
  return (
    <Section title={t('containers.title')} description={t('containers.text')}>
      <ul className="plain-list">
        {containers.map((container) => (
          <ContainerRow key={container.name} container={container} />
        ))}
      </ul>
    </Section>
  )
}

function ContainerRow({ container }: { container: ListedContainer }) {
  const { t } = useTranslation('projects')
  const { name, image, domain, hasAddress } = container
  return (
    <li className={classes.row}>
      <div className={classes.name}>
        <span className="strong wrap">{visibleText(name)}</span>
        <span className="dim text-xs wrap">{visibleText(image)}</span>
      </div>
      {domain === null ? (
        hasAddress ? (
          <ServeForm container={container} />
        ) : (
          <p className="dim text-xs flush">{t('containers.noAddress')}</p>
        )
      ) : (
        <div className={classes.origin}>
          <Anchor component={Link} href={domainPath(domain)}>
            {domain}
          </Anchor>
          <span className="dim text-xs">{t('containers.followed')}</span>
        </div>
      )}
    </li>
  )
}

function ServeForm({ container: { name, ports } }: { container: ListedContainer }) {
  const { t } = useTranslation('projects')
  const call = useCall()
  const [port, setPort] = useState<number | string>(ports[0] ?? '')
  const serve = async () => {
    const served = await call.run((client) =>
      client.containers.serve({ container: name, port: Number(port) }),
    )
    if (served) notifyDone(t('containers.done', served))
  }
  return (
    <SubmitForm onSubmit={serve}>
      <div className="row gap-8">
        <NumberInput
          size="xs"
          w={110}
          aria-label={t('containers.port', { name: visibleText(name) })}
          placeholder={t('containers.portShort')}
          min={1}
          max={65_535}
          allowDecimal={false}
          value={port}
          onChange={setPort}
        />
        <ChangeButton type="submit" size="xs" variant="default" loading={call.busy} disabled={port === ''}>
          {t('containers.do')}
        </ChangeButton>
      </div>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </SubmitForm>
  )
}

/** Running containers; none where they cannot be read. Read again after every change, and at intervals. */
function useContainers(): ListedContainer[] {
  const isConnected = useConnection() === 'connected'
  const client = useClient()
  // Every change produces a new status object; its fields do not matter.
  const status = useEngineStatus((state) => state.value)
  const [containers, setContainers] = useState<ListedContainer[]>([])
  const read = useCallback(() => {
    if (!isConnected) return
    client.containers.list().then(
      (listed) => setContainers(listed ?? []),
      () => setContainers([]),
    )
  }, [client, isConnected])
  useEffect(read, [read, status])
  useLookAgain(read)
  return containers
}
