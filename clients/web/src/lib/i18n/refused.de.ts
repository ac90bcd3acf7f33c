import type { refusedEn } from "./refused.en";

/** Was der Dienst am häufigsten ablehnt, nach seinen Codes. */
export const refusedDe: Record<keyof typeof refusedEn, string> = {
  "refused.accounts.email_already_registered": "Diese E-Mail-Adresse hat schon ein Konto. Melde dich damit an oder nimm eine andere.",
  "refused.accounts.invalid_credentials": "Die E-Mail-Adresse oder das Passwort ist falsch. Prüfe beides und versuche es noch einmal.",
  "refused.accounts.invalid_second_factor": "Der Code gilt nicht. Jeder gilt nur einmal: Warte auf den nächsten oder nimm einen anderen Wiederherstellungscode.",
  "refused.accounts.sign_in_busy": "Gerade melden sich zu viele an. Versuche es gleich noch einmal.",
  "refused.accounts.totp_required": "Das Konto verlangt einen zweiten Faktor. Gib auch den Code aus deiner App ein.",
  "refused.accounts.wrong_password": "Das Passwort ist falsch. Prüfe es und versuche es noch einmal.",
  "refused.blocklists.artist_already_blocked": "Dieser Künstler steht schon auf deiner Liste. Ändere stattdessen den Eintrag, der da ist.",
  "refused.blocklists.artist_excepted": "Für diesen Künstler hast du eine Ausnahme gemacht. Nimm sie erst zurück.",
  "refused.blocklists.list_full": "Deine Liste ist voll: Mehr davon fasst sie nicht. Nimm erst etwas herunter.",
  "refused.blocklists.unknown_artist": "Diesen Künstler gibt es nicht. Suche noch einmal.",
  "refused.shared.precondition_failed": "Das wurde inzwischen anderswo geändert. Sieh nach, was jetzt da ist, und entscheide, ob deine Änderung noch gilt.",
  "refused.shared.unavailable": "Der Dienst ist gerade zu beschäftigt. Versuche es bald noch einmal.",
  "refused.too_many_one": "Zu viele Versuche. Versuche es in {count} Sekunde noch einmal.",
  "refused.too_many_many": "Zu viele Versuche. Versuche es in {count} Sekunden noch einmal.",
};
