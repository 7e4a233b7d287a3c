import { useTranslation } from 'react-i18next'
import { PageLayout } from '../../ui/page-layout.tsx'

export function Page() {
  const { t } = useTranslation('settings')
  return <PageLayout title={t('title')}>{null}</PageLayout>
}
