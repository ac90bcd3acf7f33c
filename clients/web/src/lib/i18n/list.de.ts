/** Die Liste. */
export const listDe = {
  "list.empty_title": "Noch steht niemand auf deiner Liste",
} as const;
