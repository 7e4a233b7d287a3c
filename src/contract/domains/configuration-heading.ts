/** Begins an exported configuration, which is thereby told from the file of a project. */
export const configurationHeading = "# Edgekeep's configuration."
