export const intake = { title: 'Intake' }
