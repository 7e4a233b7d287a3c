import { ActionIcon, Checkbox, TextInput, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import type { PathRoute } from '../../../../contract/domains/origins.ts'
import { ChangeButton, useLocked } from '../../../ui/primitives/change-controls.tsx'
import { Section } from '../../../ui/primitives/page-layout.tsx'
import { ErrorPanel } from '../../../ui/feedback/feedback.tsx'
import classes from '../domain-page.module.css'
import { formatOrigin } from './origin-value.ts'
import { readOrigin } from '../../../../domain/origin-url.ts'
import own from '../policies.module.css'
import { useSavePolicies } from '../drafts/use-policy.ts'
import { SubmitForm } from '../../../ui/forms/dialog.tsx'

export function PathsSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const { save, busy, error } = useSavePolicies(domain, t('routes.done'))
  const locked = useLocked()
  const { origins } = domain.policies
  const setRoutes = (routes: PathRoute[]) => save({ origins: { ...origins, routes } })
  return (
    <Section title={t('routes.title')} description={t('routes.text')}>
      {origins.routes.length > 0 ? (
        <ul className={own.list} aria-label={t('routes.title')}>
          {origins.routes.map((route) => (
            <li key={route.path} className={own.row}>
              <div className={own.what}>
                <code className="wrap">{route.path}</code>
                <span aria-hidden>→</span>
                <code className="wrap">{formatOrigin(route.origin)}</code>
                {route.stripPath ? <span className="dim text-xs">{t('routes.stripped')}</span> : null}
              </div>
              <Tooltip label={locked ?? t('routes.remove')}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t('routes.removeThis', { path: route.path })}
                  disabled={busy || locked !== null}
                  onClick={() => void setRoutes(origins.routes.filter((other) => other !== route))}
                >
                  <IconTrash size={16} stroke={1.7} />
                </ActionIcon>
              </Tooltip>
            </li>
          ))}
        </ul>
      ) : null}
      <AddPath
        busy={busy}
        onAdd={(route) => setRoutes([...origins.routes.filter(({ path }) => path !== route.path), route])}
      />
      {error ? <ErrorPanel error={error} /> : null}
    </Section>
  )
}

const pathPattern = /^(?:\/[!"$-.0->@-~]+)+$/

function AddPath({ busy, onAdd }: { busy: boolean; onAdd: (route: PathRoute) => Promise<boolean> }) {
  const { t } = useTranslation('domains')
  const [path, setPath] = useState('')
  const [address, setAddress] = useState('')
  const [stripPath, setStripPath] = useState(false)
  const [wrong, setWrong] = useState<{ path?: string; address?: string }>({})
  const submit = async () => {
    if (!pathPattern.test(path.trim())) return setWrong({ path: t('routes.pathWrong') })
    const read = readOrigin(address)
    if ('problem' in read) return setWrong({ address: read.problem })
    setWrong({})
    if (!(await onAdd({ path: path.trim(), origin: read.origin, stripPath }))) return
    setPath('')
    setAddress('')
  }
  return (
    <SubmitForm onSubmit={submit}>
      <div className={own.addPath}>
        <TextInput
          label={t('routes.path')}
          placeholder="/api"
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
          error={wrong.path}
          spellCheck={false}
        />
        <TextInput
          label={t('routes.origin')}
          placeholder="http://127.0.0.1:4000"
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
          error={wrong.address}
          spellCheck={false}
        />
      </div>
      <div className={classes.footer}>
        <Checkbox
          label={t('routes.strip')}
          checked={stripPath}
          onChange={(event) => setStripPath(event.currentTarget.checked)}
        />
        <ChangeButton
          type="submit"
          variant="default"
          loading={busy}
          disabled={path.trim() === '' || address.trim() === ''}
        >
          {t('routes.add')}
        </ChangeButton>
      </div>
    </SubmitForm>
  )
}
