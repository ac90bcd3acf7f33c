/** Eine Bibliothek prüfen. */
export const scanDe = {
  "scan.title": "Bibliothek prüfen",
} as const;
