/** The list. */
export const listEn = {
  "list.empty_title": "Nobody is on your list yet",
} as const;
