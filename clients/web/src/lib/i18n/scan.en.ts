/** Checking a library. */
export const scanEn = {
  "scan.title": "Check a library",
} as const;
