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
  forget: {
    open: 'Forget…',
    label: 'Forget {{project}}',
    title: 'Forget {{project}}',
    trust:
      '"edgekeep run" asks again before it runs the commands of its edgekeep.yaml. Nothing in its folder changes.',
    domains: 'Removed, with the certificates that only they use: {{domains}}.',
    do: 'Forget',
    done: 'Forgot {{project}}',
  },
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
