/** Taking lists over and taking one's own along. */
export const transferEn = {
  "import.title": "Import a list",
  "export.title": "Take your list along",
} as const;
