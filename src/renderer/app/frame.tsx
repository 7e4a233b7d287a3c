import { useDocumentTitle } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { Redirect, Route, Switch, useLocation, useRoute } from 'wouter'
import { useDomains } from '../connection/engine-context.tsx'
import { useActionKeys } from '../ui/actions/offers.ts'
import { CommandPalette } from './command-palette.tsx'
import { FileDrop } from './file-drop.tsx'
import classes from './frame.module.css'
import { LockedVault } from './locked-vault.tsx'
import { NoEngine } from './no-engine.tsx'
import { NotFound } from './not-found.tsx'
import { PageBoundary } from './page-boundary.tsx'
import { PortConflicts } from './port-conflicts.tsx'
import { Rail } from './rail.tsx'
import { sections } from './sections.ts'
import { TopBar } from './top-bar.tsx'
import { useMenuCommands } from './use-menu-commands.ts'
import { useOpenedFiles } from './use-opened-files.ts'
import { useSavedFiles } from './use-saved-files.ts'
import { useStayOpen } from './use-stay-open.ts'
import { useUnsavedGuard } from '../features/domains/drafts/use-unsaved-guard.ts'
import { useVaultNotices } from './use-vault-notices.ts'
import { useWindowActions } from './window-actions.ts'
import { useUnsavedSettingsGuard } from './unsaved-settings.ts'

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
      <div className={classes.column}>
        <TopBar />
        <NoEngine />
        <LockedVault />
        <PortConflicts />
        <main id="page" tabIndex={-1} className={classes.main}>
          <Switch>
            <Route path="/">
              <Redirect to="/domains" replace />
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
  const domain = useDomains(({ items }) => items.find(({ name }) => name === opened?.name)?.displayName)
  const section = sections.find(({ path }) => location === path || location.startsWith(`${path}/`))
  const page = domain ?? (section && t(`sections.${section.id}`))
  useDocumentTitle(page ? `${page} · Edgekeep` : 'Edgekeep')
}
