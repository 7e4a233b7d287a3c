/** Where the dialog for HTTPS settings starts: as things are, or about to turn HTTPS on or off. */
export type SettingsIntent = 'modify' | 'turn-on' | 'turn-off'
