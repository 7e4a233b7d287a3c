import { Radio } from '@mantine/core'
import { IconCertificate, IconSparkles, IconUpload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { CertificateType } from './decision.ts'
import classes from './dialog.module.css'

const types = [
  { value: 'vault', icon: IconCertificate },
  { value: 'upload', icon: IconUpload },
  { value: 'free', icon: IconSparkles },
] as const

export function TypeChoice(props: { value: CertificateType; onChange: (type: CertificateType) => void }) {
  const { t } = useTranslation('domains')
  return (
    <Radio.Group
      label={t('settings.type')}
      value={props.value}
      onChange={(value) => props.onChange(types.find((type) => type.value === value)?.value ?? 'vault')}
    >
      <div className={classes.types}>
        {types.map(({ value, icon: Icon }) => (
          <Radio.Card
            key={value}
            value={value}
            className={classes.type}
            aria-label={t(`settings.types.${value}`)}
          >
            <Icon size={20} stroke={1.6} aria-hidden />
            <div className={classes.typeText}>
              <div className={classes.typeName}>{t(`settings.types.${value}`)}</div>
              <div className={classes.dim}>{t(`settings.typeTexts.${value}`)}</div>
            </div>
            <Radio.Indicator aria-hidden />
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  )
}
