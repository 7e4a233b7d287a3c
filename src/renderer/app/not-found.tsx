import { Button } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { PageLayout } from '../ui/primitives/page-layout.tsx'
import { EmptyState } from '../ui/feedback/feedback.tsx'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <PageLayout title={t('notFound.title')}>
      <EmptyState
        icon={<IconMapOff size={28} stroke={1.5} />}
        title={t('notFound.what')}
        text={t('notFound.text')}
        action={
          <Button component={Link} href="/domains">
            {t('notFound.back')}
          </Button>
        }
      />
    </PageLayout>
  )
}
