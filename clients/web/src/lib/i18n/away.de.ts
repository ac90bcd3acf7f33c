/** Was gesagt wird, wenn der Dienst nicht zu erreichen ist. */
export const awayDe = {
  "away.title": "Der Dienst ist nicht zu erreichen",
  "away.text":
    "Nichts ist verloren: Deine Liste liegt beim Dienst. Diese Seite versucht es von selbst weiter.",
  "away.offline_title": "Du bist offline",
  "away.offline_text":
    "Nichts ist verloren: Deine Liste liegt beim Dienst. Sobald die Verbindung wieder da ist, geht es hier weiter.",
  "away.works_title": "Bis dahin",
  "away.works_tabs": "Eine Liste, die in einem anderen Tab offen ist, lässt sich noch lesen.",
  "away.works_files":
    "Eine Liste, die du mitgenommen hast, ist eine Datei: Sie geht auch ohne Verbindung auf.",
} as const;
