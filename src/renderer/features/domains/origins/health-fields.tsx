import { NumberInput, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains.ts'
import { defaultHealthCheck, type HealthPolicy } from '../../../../contract/origins.ts'
import { ChangeButton } from '../../../ui/change-button.tsx'
import { ErrorPanel } from '../../../ui/states.tsx'
import classes from '../domain-page.module.css'
import { useSavePolicies } from './use-save-policies.ts'

/** When an origin counts as out: by requests that fail, and by asking it. */
export function HealthFields({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const { save, busy, error } = useSavePolicies(domain, t('health.done'))
  // Until something is changed here, it shows what is in effect.
  const [draft, setDraft] = useState<HealthPolicy | null>(null)
  const health = draft ?? domain.policies.health
  const { check } = health
  const isWrong = check !== null && !/^\/[!"$-~]*$/.test(check.path)
  return (
    <div className={classes.health}>
      <NumberInput
        label={t('health.ejectAfter')}
        description={t('health.ejectAfterText')}
        min={0}
        max={100}
        allowDecimal={false}
        allowNegative={false}
        value={health.ejectAfter}
        onChange={(value) => setDraft({ ...health, ejectAfter: Number(value) || 0 })}
      />
      <Switch
        label={t('health.check')}
        description={t('health.checkText')}
        checked={check !== null}
        onChange={(event) =>
          setDraft({ ...health, check: event.currentTarget.checked ? defaultHealthCheck : null })
        }
      />
      {check ? (
        <div className={classes.fields}>
          <TextInput
            label={t('health.path')}
            value={check.path}
            onChange={(event) =>
              setDraft({ ...health, check: { ...check, path: event.currentTarget.value.trim() } })
            }
            error={isWrong ? t('health.pathWrong') : undefined}
            spellCheck={false}
          />
          {(['everySeconds', 'timeoutSeconds'] as const).map((field) => (
            <NumberInput
              key={field}
              label={t(`health.${field}`)}
              min={1}
              max={field === 'everySeconds' ? 3600 : 60}
              hideControls
              clampBehavior="strict"
              allowDecimal={false}
              allowNegative={false}
              value={check[field]}
              onChange={(value) => setDraft({ ...health, check: { ...check, [field]: Number(value) || 1 } })}
            />
          ))}
        </div>
      ) : null}
      {error ? <ErrorPanel error={error} /> : null}
      {draft ? (
        <div className={classes.footer}>
          <ChangeButton
            loading={busy}
            disabled={isWrong}
            onClick={() => void save({ health }).then((done) => done && setDraft(null))}
          >
            {t('health.save')}
          </ChangeButton>
        </div>
      ) : null}
    </div>
  )
}
