import i18next, { type FormatterModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { formatNumber } from '../../contract/text/count.ts'
import { en } from './en.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app'
    resources: typeof en
  }
}

/** Variables of messages that count; other numbers, such as a port, are shown as they are. */
const counts = new Set(['count', 'done', 'total', 'found'])

/** Separates the thousands of every count. */
const countFormatter: FormatterModule = {
  type: 'formatter',
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format: (value: unknown, _format, language, options) =>
    typeof value === 'number' && counts.has(String(options?.['interpolationkey']))
      ? formatNumber(value, language)
      : (value as string),
}

/** Loads the messages. React escapes what it renders, so escaping in i18next is off. */
export async function startMessages(): Promise<void> {
  await i18next
    .use(initReactI18next)
    .use(countFormatter)
    .init({
      lng: 'en',
      fallbackLng: 'en',
      ns: Object.keys(en),
      defaultNS: 'app',
      resources: { en },
      interpolation: { escapeValue: false, alwaysFormat: true },
    })
}
