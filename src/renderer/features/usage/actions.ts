import { IconCalendar, IconDownload, IconPencil } from '@tabler/icons-react'
import { actionsAbout } from '../../ui/actions/action.ts'

const onPage = actionsAbout('app:sections.usage', { page: '/usage' })

export const saveUsage = onPage('usage.csv', 'usage:csv', IconDownload)
export const setPrice = onPage('usage.price', 'usage:tiles.setPrice', IconPencil)
export const chooseDays = onPage('usage.days', 'usage:range.own', IconCalendar)
