import { visibleText } from '../../contract/text/visible-text.ts'
import type { Notice, NoticeSubject } from '../../domain/notices.ts'

/** Content that leaves the program: titles, names and dates; no message of an error, which may name more. */
export interface NoticeMessage {
  source: 'edgekeep'
  isTest: boolean
  title: string
  text: string
  notices: (NoticeSubject & { title: string })[]
}

const mostNotices = 50

export function messageOf(notices: readonly Notice[]): NoticeMessage {
  const shown = notices
    .slice(0, mostNotices)
    .flatMap(({ subject, title }) => (subject ? [visibleSubject(subject, title)] : []))
  const [first] = shown
  const title = notices.length === 1 && first ? first.title : `${notices.length} notices`
  const lines = shown.map(formatLine)
  const rest = notices.length > shown.length ? [`and ${notices.length - shown.length} more`] : []
  return { source: 'edgekeep', isTest: false, title, text: [...lines, ...rest].join('\n'), notices: shown }
}

function visibleSubject(subject: NoticeSubject, title: string): NoticeMessage['notices'][number] {
  const [name, names] = [visibleText(subject.name), subject.names.map(visibleText)]
  return { ...subject, title: visibleText(title), name, names }
}

/** `Shop expires in 6 days (shop.test, www.shop.test; ends 2027-03-01)` */
function formatLine({ title, names, notAfter }: NoticeMessage['notices'][number]): string {
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ' and others' : '')
  const facts = [shown, notAfter === null ? '' : `ends ${notAfter.slice(0, 10)}`].filter(Boolean)
  return facts.length === 0 ? title : `${title} (${facts.join('; ')})`
}

export const testMessage: NoticeMessage = {
  source: 'edgekeep',
  isTest: true,
  title: 'Test',
  text: 'This is a test. Notices of certificates and trust arrive here.',
  notices: [],
}
