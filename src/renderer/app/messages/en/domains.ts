export const domains = { title: 'Domains' }
