import * as activity from '../features/activity/actions.ts'
import * as certificates from '../features/certificates/actions.ts'
import * as domains from '../features/domains/actions.ts'
import * as inspector from '../features/inspector/actions.ts'
import * as issuing from '../features/issuing/actions.ts'
import * as settings from '../features/settings/actions.ts'
import * as traffic from '../features/traffic/actions.ts'
import * as trust from '../features/trust/actions.ts'
import * as usage from '../features/usage/actions.ts'
import type { Action } from '../ui/actions/action.ts'
import { lockVault } from '../ui/feedback/vault-lock.tsx'
import { showGuide, switchTheme } from './window-actions.ts'

/** All actions of the window: those of each page's `actions.ts`, and the global ones. */
export const actions: readonly Action[] = [
  ...[domains, certificates, trust, issuing, inspector, traffic, usage, activity, settings].flatMap((page) =>
    Object.values<Action>(page),
  ),
  lockVault,
  showGuide,
  switchTheme,
]
