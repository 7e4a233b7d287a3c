import { Button } from '@mantine/core'
import { IconBug } from '@tabler/icons-react'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../ui/states.tsx'

/** Keeps a page that fails from taking the window with it. */
export class PageBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override render() {
    if (!this.state.failed) return this.props.children
    return <Failed again={() => this.setState({ failed: false })} />
  }
}

function Failed({ again }: { again: () => void }) {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={<IconBug size={28} stroke={1.5} />}
      title={t('crash.title')}
      text={t('crash.text')}
      action={<Button onClick={again}>{t('crash.again')}</Button>}
    />
  )
}
