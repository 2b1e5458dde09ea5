/** What can be done with data, as grants and defaults name it. */
export const ACTIONS = ["READ", "CREATE", "UPDATE", "DELETE"] as const;

/** One thing that can be done with data. */
export type Action = (typeof ACTIONS)[number];
