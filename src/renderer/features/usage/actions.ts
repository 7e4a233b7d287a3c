import { IconCalendar, IconDownload, IconPencil } from '@tabler/icons-react'
import type { Action } from '../../ui/actions/action.ts'

export const saveUsage: Action = {
  id: 'usage.csv',
  label: 'usage:csv',
  about: 'app:sections.usage',
  icon: IconDownload,
  page: '/usage',
}

export const setPrice: Action = {
  id: 'usage.price',
  label: 'usage:tiles.setPrice',
  about: 'app:sections.usage',
  icon: IconPencil,
  page: '/usage',
}

export const chooseDays: Action = {
  id: 'usage.days',
  label: 'usage:range.own',
  about: 'app:sections.usage',
  icon: IconCalendar,
  page: '/usage',
}
