import { IconShieldSearch } from '@tabler/icons-react'
import type { Action } from '../../ui/actions/action.ts'

export const checkTrail: Action = {
  id: 'activity.check',
  label: 'activity:check.button',
  about: 'app:sections.activity',
  icon: IconShieldSearch,
  page: '/activity',
}
