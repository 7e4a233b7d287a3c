import type { Notice } from '../domain/notices.ts'
import type { EngineView } from './engine-view.ts'

export function changeNotices(view: EngineView, before: EngineView, lastPid: number | null): Notice[] {
  const { status } = view
  if (!status) return []
  const notices: Notice[] = []
  if (lastPid !== null && status.pid !== lastPid) {
    notices.push({
      key: `engine ${status.pid} ${status.startedAt}`,
      title: 'Edgekeep’s engine stopped and was started again',
      body: 'What happened is in the log. Open connections were cut; new ones are served.',
      place: '/domains',
    })
  }
  const { problem } = status.edge
  if (problem && problem.code !== before.status?.edge.problem?.code) {
    const isLocked = problem.code === 'edge.without_keys'
    notices.push({
      key: `problem ${problem.code} ${status.configuration.version} ${status.pid}`,
      title: isLocked ? 'The vault is locked and HTTPS has stopped' : 'The edge needs attention',
      body: problem.message,
      place: isLocked ? '/domains' : '/settings',
    })
  }
  return notices
}
