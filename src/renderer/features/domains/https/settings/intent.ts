/** What the dialog for HTTPS settings is opened for: to choose what serves the domain, or to turn HTTPS off. */
export type SettingsIntent = 'serve' | 'turn-off'
