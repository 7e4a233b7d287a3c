import { useDocumentTitle } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { Redirect, Route, Switch, useLocation, useRoute, Link } from 'wouter'
import { useDomains } from '../connection/engine-context.tsx'
import { useActionKeys } from '../ui/actions/offers.ts'
import { CommandPalette } from './command-palette.tsx'
import { FileDrop } from './file-drop.tsx'
import classes from './frame.module.css'
import { LockedVault, MovedListeners, NoEngine, PortConflicts } from './banners.tsx'
import { Rail } from './rail.tsx'
import { sections } from './sections.ts'
import { firstPage } from './page-path.ts'
import { TopBar } from './top-bar.tsx'
import {
  useMenuCommands,
  useOpenedFiles,
  useSavedFiles,
  useStayOpen,
  useVaultNotices,
  useUnsavedSettingsGuard,
} from './host-events.ts'
import { useUnsavedGuard } from '../features/domains/drafts/draft-store.ts'
import { useWindowActions } from './actions.ts'
import { Button } from '@mantine/core'
import { IconMapOff, IconBug } from '@tabler/icons-react'
import { PageLayout } from '../ui/primitives/page-layout.tsx'
import { EmptyState, FoldedDetails } from '../ui/feedback/feedback.tsx'
import { Component, type ReactNode } from 'react'

export function Frame() {
  const { t } = useTranslation()
  useTitle()
  useStayOpen()
  useOpenedFiles()
  useMenuCommands()
  useVaultNotices()
  useSavedFiles()
  useUnsavedGuard()
  useUnsavedSettingsGuard()
  useWindowActions()
  useActionKeys()
  return (
    <div className={classes.frame}>
      <button type="button" className={classes.skip} onClick={() => document.getElementById('page')?.focus()}>
        {t('skip')}
      </button>
      <Rail />
      <div className="grow column">
        <TopBar />
        <NoEngine />
        <LockedVault />
        <MovedListeners />
        <PortConflicts />
        <main id="page" tabIndex={-1} className={classes.main}>
          <Switch>
            <Route path="/">
              <Redirect to={firstPage} replace />
            </Route>
            {sections.map(({ id, path, Page }) => (
              <Route key={id} path={`${path}/*?`}>
                <PageBoundary key={id}>
                  <Page />
                </PageBoundary>
              </Route>
            ))}
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </main>
      </div>
      <CommandPalette />
      <FileDrop />
    </div>
  )
}

/** Sets the window title to the domain or section, which distinguishes windows and pages. */
function useTitle(): void {
  const { t } = useTranslation()
  const [location] = useLocation()
  const [, opened] = useRoute('/domains/:name/*?')
  const domain = useDomains(({ byKey }) => byKey.get(opened?.name ?? '')?.displayName)
  const section = sections.find(({ path }) => location === path || location.startsWith(`${path}/`))
  const page = domain ?? (section && t(`sections.${section.id}`))
  useDocumentTitle(page ? `${page} · Edgekeep` : 'Edgekeep')
}

function NotFound() {
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

/** Error boundary that confines a rendering error to its page. */
class PageBoundary extends Component<{ children: ReactNode }, { failure: { error: unknown } | null }> {
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
  const { t } = useTranslation(['app', 'ui'])
  return (
    <>
      <EmptyState
        icon={<IconBug size={28} stroke={1.5} />}
        title={t('crash.title')}
        text={t('crash.text')}
        action={<Button onClick={again}>{t('crash.again')}</Button>}
      />
      <FoldedDetails summary={t('ui:error.details')}>{String(error)}</FoldedDetails>
    </>
  )
}
