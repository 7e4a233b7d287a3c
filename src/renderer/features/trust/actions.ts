import {
  IconArrowBackUp,
  IconBrowserCheck,
  IconCertificate,
  IconDownload,
  IconPlayerStop,
  IconQrcode,
  IconRefresh,
  IconReplace,
  IconShieldCheck,
  IconShieldPlus,
  IconSitemap,
} from '@tabler/icons-react'
import type { Action } from '../../ui/actions/action.ts'

const page = '/trust'
const about = 'app:sections.trust'
const ofAuthority = 'trust:authority.title'

export const installTrust: Action = {
  id: 'trust.install',
  label: 'trust:install',
  about,
  icon: IconShieldPlus,
  page,
  changes: true,
}

export const undoTrust: Action = {
  id: 'trust.undo',
  label: 'trust:undo',
  about,
  icon: IconArrowBackUp,
  page,
  changes: true,
}

export const replaceRoots: Action = {
  id: 'trust.replace-roots',
  label: 'trust:earlier.install',
  about: 'trust:earlier.title',
  icon: IconShieldPlus,
  page,
  changes: true,
}

export const takeRootsOut: Action = {
  id: 'trust.take-out',
  label: 'trust:earlier.undo',
  about: 'trust:earlier.title',
  icon: IconArrowBackUp,
  page,
  changes: true,
}

export const proveTrust: Action = {
  id: 'trust.prove',
  label: 'trust:prove',
  about,
  icon: IconShieldCheck,
  page,
  changes: true,
}

export const provePage: Action = {
  id: 'trust.page',
  label: 'trust:provePage',
  about,
  icon: IconBrowserCheck,
  page,
  changes: true,
}

export const readTrust: Action = { id: 'trust.read', label: 'trust:again', about, icon: IconRefresh, page }

export const stopProof: Action = { id: 'trust.stop', label: 'trust:stop', about, icon: IconPlayerStop, page }

export const leadSuffix: Action = {
  id: 'trust.suffix',
  label: 'trust:names.lead',
  about: 'trust:names.title',
  icon: IconSitemap,
  page,
  changes: true,
}

export const savePem: Action = {
  id: 'trust.pem',
  label: 'trust:authority.pem',
  about: ofAuthority,
  icon: IconDownload,
  page,
}

export const saveDer: Action = {
  id: 'trust.der',
  label: 'trust:authority.der',
  about: ofAuthority,
  icon: IconDownload,
  page,
}

export const showCode: Action = {
  id: 'trust.code',
  label: 'trust:authority.code',
  about: ofAuthority,
  icon: IconQrcode,
  page,
}

export const replaceAuthority: Action = {
  id: 'trust.rotate',
  label: 'trust:authority.rotate',
  about: ofAuthority,
  icon: IconReplace,
  page,
  changes: true,
}

export const allowDomain: Action = {
  id: 'trust.allow',
  label: 'trust:authority.allow',
  about: ofAuthority,
  icon: IconCertificate,
  page,
  changes: true,
}
