import { NumberInput, Switch, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { defaultHealthCheck } from '../../../../contract/domains/origins.ts'
import classes from '../domain-page.module.css'
import { DraftFooter } from '../../../ui/forms/draft-footer.tsx'
import { usePolicy } from '../drafts/use-policy.ts'

export function HealthFields({ domain }: { domain: Domain }) {
  const { t } = useTranslation('domains')
  const draft = usePolicy(domain, 'health', t('health.done'))
  const health = draft.value
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
        onChange={(value) => draft.change({ ...health, ejectAfter: Number(value) || 0 })}
      />
      <Switch
        label={t('health.check')}
        description={t('health.checkText')}
        checked={check !== null}
        onChange={(event) =>
          draft.change({ ...health, check: event.currentTarget.checked ? defaultHealthCheck : null })
        }
      />
      {check ? (
        <div className={classes.fields}>
          <TextInput
            label={t('health.path')}
            value={check.path}
            onChange={(event) =>
              draft.change({ ...health, check: { ...check, path: event.currentTarget.value.trim() } })
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
              onChange={(value) =>
                draft.change({ ...health, check: { ...check, [field]: Number(value) || 1 } })
              }
            />
          ))}
        </div>
      ) : null}
      <DraftFooter
        draft={draft}
        call={draft.call}
        save={t('health.save')}
        disabled={isWrong}
        onSave={() => void draft.save()}
      />
    </div>
  )
}
