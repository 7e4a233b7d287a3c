import { Group, Radio, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain, Redirect } from '../../../../contract/domains.ts'
import { useClient } from '../../../engine/engine-context.tsx'
import { ChangeButton } from '../../../ui/change-button.tsx'
import { notifyDone } from '../../../ui/notify.ts'
import { Section } from '../../../ui/page-layout.tsx'
import { ErrorPanel } from '../../../ui/states.tsx'
import { useCall } from '../../../ui/use-call.ts'
import classes from '../domain-page.module.css'
import { ExceptionsField, exceptionsFault } from './exceptions-field.tsx'

const modes = ['none', 'https', 'http'] as const
const codes = [301, 302, 307, 308] as const

export function RedirectSection({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const client = useClient()
  const call = useCall()
  // Until something is changed here, the section shows what is in effect.
  const [draft, setDraft] = useState<Redirect | null>(null)
  const [exceptions, setExceptions] = useState<string[] | null>(null)
  const wanted = draft ?? domain.redirect
  const except = exceptions ?? domain.policies.redirect.except
  const off = domain.https.state === 'off'
  const hasOthers = except.join() !== domain.policies.redirect.except.join()
  const changed = hasOthers || wanted.mode !== domain.redirect.mode || wanted.code !== domain.redirect.code
  const save = async () => {
    const done = await call.run(async () => {
      const policies = { redirect: { except } }
      if (hasOthers) await client.domains.setPolicies({ domains: [domain.name], policies })
      return client.domains.setRedirect({ domain: domain.name, redirect: wanted })
    })
    if (!done) return
    setDraft(null)
    setExceptions(null)
    notifyDone(t('redirect.done'))
  }
  return (
    <Section title={t('redirect.title')} description={t('redirect.text')}>
      <Radio.Group
        aria-label={t('redirect.title')}
        value={wanted.mode}
        onChange={(mode) => setDraft({ ...wanted, mode: modes.find((one) => one === mode) ?? 'none' })}
      >
        <Stack gap={10}>
          {modes.map((mode) => (
            <Radio
              key={mode}
              value={mode}
              label={t(`redirect.${mode}`)}
              description={t(`redirect.${mode}Text`)}
              disabled={off && mode !== 'none'}
            />
          ))}
        </Stack>
      </Radio.Group>
      {off ? (
        <p className={classes.after}>{t('redirect.off')}</p>
      ) : (
        <CodeChoice wanted={wanted} onChange={setDraft} />
      )}
      {wanted.mode === 'none' ? null : <ExceptionsField value={except} onChange={setExceptions} />}
      {call.error ? <ErrorPanel error={call.error} /> : null}
      {off ? null : (
        <div className={classes.footer}>
          <ChangeButton
            disabled={!changed || exceptionsFault(except) !== null}
            loading={call.busy}
            onClick={() => void save()}
          >
            {t('redirect.save')}
          </ChangeButton>
        </div>
      )}
    </Section>
  )
}

/** The status code, with what a browser will remember of it (RFC 9110, section 15.4). */
function CodeChoice({ wanted, onChange }: { wanted: Redirect; onChange: (redirect: Redirect) => void }) {
  const { t } = useTranslation('domains')
  const { code, mode } = wanted
  const remembered = code === 301 || code === 308
  const note = [
    t(remembered ? 'redirect.permanent' : 'redirect.temporary', { code }),
    t(code === 307 || code === 308 ? 'redirect.keepsMethod' : 'redirect.losesMethod'),
  ].join(' ')
  return (
    <Group align="flex-start" gap="md" mt={14} wrap="nowrap">
      <Select
        label={t('redirect.code')}
        w={230}
        flex="none"
        allowDeselect={false}
        disabled={mode === 'none'}
        data={codes.map((one) => ({ value: String(one), label: t(`redirect.code${one}`) }))}
        value={String(code)}
        onChange={(value) => onChange({ mode, code: codes.find((one) => String(one) === value) ?? code })}
      />
      <p className={classes.codeNote}>{mode === 'none' ? null : note}</p>
    </Group>
  )
}
