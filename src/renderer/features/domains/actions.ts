import {
  IconAdjustments,
  IconArrowBackUp,
  IconBraces,
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
  IconRosetteDiscountCheck,
  IconServerBolt,
  IconTransferIn,
  IconTrash,
} from '@tabler/icons-react'
import { actionsAbout } from '../../ui/actions/action.ts'
import { listPath, moveInPath } from './paths.ts'

const changeOnPage = actionsAbout('app:sections.domains', { page: listPath, changes: true })
const changeInPage = actionsAbout('app:sections.domains', { changes: true })
const inPage = actionsAbout('app:sections.domains')
const httpsChange = actionsAbout('domains:https.title', { changes: true })
const origin = actionsAbout('domains:origin.title')
const findings = actionsAbout('policies:findings.title')
const onPage = actionsAbout('app:sections.domains', { page: listPath })
const moveInChange = actionsAbout('moveIn:title', { page: moveInPath, changes: true })

export const openMoveIn = onPage('domains.move-in', 'moveIn:open', IconTransferIn)
export const openTargets = onPage('domains.targets', 'targets:open', IconServerBolt)
export const openProjects = onPage('domains.projects', 'projects:open', IconBraces)
export const undoImport = moveInChange('domains.undo-import', 'moveIn:last.undo', IconArrowBackUp)
export const addDomain = changeOnPage('domains.add', 'domains:add.button', IconPlus)
export const makeGreen = changeInPage('domain.make-green', 'domains:green.button', IconLock)
export const openInBrowser = inPage('domain.open', 'domains:open.button', IconExternalLink)
export const turnHttpsOn = httpsChange('domain.https', 'domains:https.turnOn', IconPower)
export const changeHttps = httpsChange('domain.https-settings', 'domains:https.modify', IconAdjustments)
export const resumeHttps = httpsChange('domain.resume', 'domains:https.resume', IconPlayerPlay)
export const pauseHttps = httpsChange('domain.pause', 'domains:danger.pause', IconPlayerPause)
export const turnHttpsOff = httpsChange('domain.https-off', 'domains:danger.disable', IconLockOff)
export const removeDomain = changeInPage('domain.remove', 'domains:danger.remove', IconTrash)
export const verifyDomain = inPage('domain.verify', 'domains:check.run', IconRosetteDiscountCheck)
export const rollBackCertificate = httpsChange(
  'domain.roll-back',
  'domains:https.rollback.button',
  IconHistory,
)
export const testOrigin = origin('domain.test-origin', 'domains:origin.test', IconPlugConnected)
export const clearFindings = findings('domain.clear-findings', 'policies:findings.clear', IconEraser)
export const setPolicies = changeInPage('domains.set-policy', 'policies:batch.set', IconChecklist)
export const copyPolicies = changeInPage('domains.copy-policies', 'policies:batch.copy', IconCopy)
