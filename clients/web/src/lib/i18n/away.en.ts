/** What is said where the service cannot be asked for anything. */
export const awayEn = {
  "away.title": "The service cannot be reached",
  "away.text":
    "Nothing is lost: your list is kept by the service. This page tries again by itself.",
  "away.offline_title": "You are offline",
  "away.offline_text":
    "Nothing is lost: your list is kept by the service. This page goes on as soon as the connection is back.",
  "away.works_title": "Until then",
  "away.works_tabs": "A list that is open in another tab can still be read.",
  "away.works_files": "A list that you have exported is a file: it opens without a connection.",
} as const;
