import { activity } from './en/activity.ts'
import { app } from './en/app.ts'
import { certificates } from './en/certificates.ts'
import { domains } from './en/domains.ts'
import { facts } from './en/facts.ts'
import { issuing } from './en/issuing.ts'
import { history } from './en/history.ts'
import { inspector } from './en/inspector.ts'
import { intake } from './en/intake.ts'
import { protocol } from './en/protocol.ts'
import { moveIn } from './en/move-in.ts'
import { policies } from './en/policies.ts'
import { projects } from './en/projects.ts'
import { settings } from './en/settings.ts'
import { targets } from './en/targets.ts'
import { traffic } from './en/traffic.ts'
import { trust } from './en/trust.ts'
import { ui } from './en/ui.ts'
import { usage } from './en/usage.ts'
import { watch } from './en/watch.ts'
import { vault } from './en/vault.ts'

/** English, one namespace per feature: `useTranslation('certificates')`. Plurals: `key_one`, `key_other`. */
export const en = {
  app,
  ui,
  intake,
  facts,
  domains,
  certificates,
  history,
  inspector,
  traffic,
  trust,
  issuing,
  activity,
  protocol,
  policies,
  settings,
  usage,
  vault,
  moveIn,
  projects,
  watch,
  targets,
}
