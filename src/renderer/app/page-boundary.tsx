import { Button } from '@mantine/core'
import { IconBug } from '@tabler/icons-react'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState, FoldedDetails } from '../ui/feedback/feedback.tsx'

/** Error boundary that confines a rendering error to its page. */
export class PageBoundary extends Component<{ children: ReactNode }, { failure: { error: unknown } | null }> {
  override state: { failure: { error: unknown } | null } = { failure: null }
  static getDerivedStateFromError(error: unknown) {
    return { failure: { error } }
  }
  override render() {
    const { failure } = this.state
    if (!failure) return this.props.children
    return <Failed error={failure.error} again={() => this.setState({ failure: null })} />
  }
}

function Failed({ error, again }: { error: unknown; again: () => void }) {
  const { t } = useTranslation()
  return (
    <>
      <EmptyState
        icon={<IconBug size={28} stroke={1.5} />}
        title={t('crash.title')}
        text={t('crash.text')}
        action={<Button onClick={again}>{t('crash.again')}</Button>}
      />
      <FoldedDetails summary={t('crash.details')}>{String(error)}</FoldedDetails>
    </>
  )
}
