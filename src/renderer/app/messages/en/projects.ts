export const projects = {
  open: 'Projects',
  title: 'Projects',
  description:
    'Development servers that "edgekeep run" starts, and the domains that "edgekeep up" serves, by folder.',
  failed: 'The projects could not be shown',
  empty: {
    title: 'No project runs',
    text: 'Start one in its folder: its development server gets an HTTPS address and appears here.',
  },
  command: 'command',
  folder: 'folder',
  branch: 'Branch {{branch}}',
  address: 'address of {{domain}}',
  settings: 'Settings',
  settingsOf: 'Settings of {{domain}}',
  start: 'Nothing runs. Start it in its folder:',
  state: {
    running: 'Running, started',
    answers: 'Answers',
    silent: 'Does not answer, noticed',
    unseen: 'No request yet',
    idle: 'Not running',
    unknown: 'Unknown',
  },
}
