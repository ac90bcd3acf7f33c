/** Finding and adding artists. */
export const searchEn = {
  "search.label": "Find an artist",
} as const;
