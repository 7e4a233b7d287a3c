/** Exit status of an engine whose home folder was moved or deleted: starting it again would make a new vault there. */
export const homeGoneStatus = 4
