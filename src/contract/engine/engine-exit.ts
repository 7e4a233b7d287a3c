/** Exit status after the home was moved or deleted: a restart would make a new vault there. */
export const homeGoneStatus = 4
