import {
  IconAdjustments,
  IconChecklist,
  IconCopy,
  IconEraser,
  IconExternalLink,
  IconHistory,
  IconLock,
  IconLockOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
  IconPlus,
  IconPower,
  IconShieldCheck,
  IconTrash,
} from '@tabler/icons-react'
import type { Action } from '../../ui/actions/action.ts'
import { listPath } from './paths.ts'

export const addDomain: Action = {
  id: 'domains.add',
  label: 'domains:add.button',
  about: 'app:sections.domains',
  icon: IconPlus,
  page: listPath,
  changes: true,
}

export const makeGreen: Action = {
  id: 'domain.make-green',
  label: 'domains:green.button',
  about: 'app:sections.domains',
  icon: IconLock,
  changes: true,
}

export const openInBrowser: Action = {
  id: 'domain.open',
  label: 'domains:open.button',
  about: 'app:sections.domains',
  icon: IconExternalLink,
}

export const turnHttpsOn: Action = {
  id: 'domain.https',
  label: 'domains:https.turnOn',
  about: 'domains:https.title',
  icon: IconPower,
  changes: true,
}

export const changeHttps: Action = {
  id: 'domain.https-settings',
  label: 'domains:https.modify',
  about: 'domains:https.title',
  icon: IconAdjustments,
  changes: true,
}

export const resumeHttps: Action = {
  id: 'domain.resume',
  label: 'domains:https.resume',
  about: 'domains:https.title',
  icon: IconPlayerPlay,
  changes: true,
}

export const pauseHttps: Action = {
  id: 'domain.pause',
  label: 'domains:danger.pause',
  about: 'domains:https.title',
  icon: IconPlayerPause,
  changes: true,
}

export const turnHttpsOff: Action = {
  id: 'domain.https-off',
  label: 'domains:danger.disable',
  about: 'domains:https.title',
  icon: IconLockOff,
  changes: true,
}

export const removeDomain: Action = {
  id: 'domain.remove',
  label: 'domains:danger.remove',
  about: 'app:sections.domains',
  icon: IconTrash,
  changes: true,
}

export const verifyDomain: Action = {
  id: 'domain.verify',
  label: 'domains:check.run',
  about: 'app:sections.domains',
  icon: IconShieldCheck,
}

export const rollBackCertificate: Action = {
  id: 'domain.roll-back',
  label: 'domains:https.rollback.button',
  about: 'domains:https.title',
  icon: IconHistory,
  changes: true,
}

export const testOrigin: Action = {
  id: 'domain.test-origin',
  label: 'domains:origin.test',
  about: 'domains:origin.title',
  icon: IconPlugConnected,
}

export const clearFindings: Action = {
  id: 'domain.clear-findings',
  label: 'policies:findings.clear',
  about: 'policies:findings.title',
  icon: IconEraser,
}

export const setPolicies: Action = {
  id: 'domains.set-policy',
  label: 'policies:batch.set',
  about: 'app:sections.domains',
  icon: IconChecklist,
  changes: true,
}

export const copyPolicies: Action = {
  id: 'domains.copy-policies',
  label: 'policies:batch.copy',
  about: 'app:sections.domains',
  icon: IconCopy,
  changes: true,
}
