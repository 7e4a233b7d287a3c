import { Route, Switch, useLocation } from 'wouter'
import { AddDomainDialog } from './list/add-domain-dialog.tsx'
import { DomainList } from './list/domain-list.tsx'
import { DomainPage } from './domain-page.tsx'
import { MoveInPage } from './move-in/move-in-page.tsx'
import { ProjectsPage } from './projects/projects-page.tsx'
import { addPath, domainPath, listPath, moveInPath, partOf, projectsPath, targetsPath } from './paths.ts'
import { TargetsPage } from './targets/targets-page.tsx'

/** Routes `/domains`, `/domains/+` (list and dialog for a new domain), `/domains/+PAGE` and `/domains/NAME/PART`. */
export function Page() {
  const [location, navigate] = useLocation()
  const adding = location === addPath
  if (location === moveInPath) return <MoveInPage />
  if (location === targetsPath) return <TargetsPage />
  if (location === projectsPath) return <ProjectsPage />
  if (!adding && location !== listPath) {
    return (
      <Switch>
        <Route path="/domains/:name/:part?">
          {({ name, part }) => <DomainPage key={name} name={decodeURIComponent(name)} part={partOf(part)} />}
        </Route>
      </Switch>
    )
  }
  return (
    <>
      <DomainList />
      <AddDomainDialog
        opened={adding}
        onClose={() => navigate(listPath)}
        onAdded={(domain) => navigate(domainPath(domain.name))}
      />
    </>
  )
}
