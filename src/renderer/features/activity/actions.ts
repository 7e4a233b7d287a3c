import { IconListSearch } from '@tabler/icons-react'
import { actionsAbout } from '../../ui/actions/action.ts'

const onPage = actionsAbout('app:sections.activity', { page: '/activity' })

export const checkTrail = onPage('activity.check', 'activity:check.button', IconListSearch)
