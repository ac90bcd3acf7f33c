/** Künstler finden und aufnehmen. */
export const searchDe = {
  "search.label": "Künstler finden",
} as const;
