import { SegmentedControl, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../../ui/primitives/page-layout.tsx'

const schemes: MantineColorScheme[] = ['auto', 'light', 'dark']

export function AppearanceSection() {
  const { t } = useTranslation('settings')
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Section
      title={t('appearance.title')}
      description={t('appearance.text')}
      aside={
        <SegmentedControl
          aria-label={t('appearance.title')}
          data={schemes.map((value) => ({ value, label: t(`appearance.${value}`) }))}
          value={colorScheme}
          onChange={(value) => setColorScheme(schemes.find((scheme) => scheme === value) ?? 'auto')}
        />
      }
    />
  )
}
