/** Listen übernehmen und die eigene mitnehmen. */
export const transferDe = {
  "import.title": "Liste übernehmen",
  "export.title": "Deine Liste mitnehmen",
} as const;
