import { accountDe } from "./account.de";
import { activityDe } from "./activity.de";
import { awayDe } from "./away.de";
import { listDe } from "./list.de";
import { refusedDe } from "./refused.de";
import { scanDe } from "./scan.de";
import { searchDe } from "./search.de";
import { transferDe } from "./transfer.de";
import { servicesDe } from "./services.de";
import { settingsDe } from "./settings.de";
import { startDe } from "./start.de";
import type { Messages } from "./en";

/** Alle Texte der App auf Deutsch. */
export const de: Messages = {
  ...accountDe,
  ...activityDe,
  ...awayDe,
  ...listDe,
  ...refusedDe,
  ...scanDe,
  ...searchDe,
  ...transferDe,
  ...servicesDe,
  ...settingsDe,
  ...startDe,
  "app.name": "No Drake in the House",
  "app.claim": "Eine Nicht-spielen-Liste für alle Streamingdienste.",
  "app.skip": "Zum Inhalt springen",
  "app.menu": "Hauptmenü",
  "app.loading": "Wird geladen",
  "not_found.title": "Hier ist nichts",
  "not_found.text": "Vielleicht ist die Adresse vertippt, oder was hier war, ist weg.",
  "nav.list": "Meine Liste",
  "nav.list_short": "Liste",
  "nav.import": "Import",
  "nav.export": "Export",
  "nav.scan": "Bibliothek",
  "nav.settings": "Einstellungen",
  "nav.sign_out": "Abmelden",
  "form.email": "E-Mail-Adresse",
  "form.password": "Passwort",
  "form.show_password": "Passwort zeigen",
  "form.hide_password": "Passwort verbergen",
  "form.required": "Das wird gebraucht.",
  "form.try_again": "Noch einmal",
  "form.cancel": "Abbrechen",
  "form.close": "Schließen",
  "form.undo": "Rückgängig",
  "problem.network": "Der Dienst ist nicht zu erreichen. Prüfe die Verbindung und versuche es noch einmal.",
  "problem.unexpected": "Bei uns ist etwas schiefgegangen. Versuche es gleich noch einmal.",
  "problem.request": "Anfrage {id}",
  "sign_in.title": "Willkommen zurück",
  "sign_in.action": "Anmelden",
  "sign_in.no_account": "Noch kein Konto?",
  "sign_in.forgot": "Passwort vergessen?",
  "sign_in.passkey": "Mit einem Passkey anmelden",
  "sign_in.or": "oder",
  "sign_in.with": "Weiter mit {provider}",
  "sign_in.code": "Code aus deiner App",
  "sign_in.code_hint": "Sechs Ziffern, die jede halbe Minute wechseln.",
  "sign_in.use_recovery": "Stattdessen einen Wiederherstellungscode nehmen",
  "sign_in.use_app": "Stattdessen den Code aus der App nehmen",
  "sign_in.recovery_code": "Wiederherstellungscode",
  "sign_in.recovery_hint": "Einer der zehn, die du aufbewahrt hast. Jeder gilt einmal.",
  "sign_in.second_title": "Noch ein Schritt",
  "sign_out.failed": "Du bist noch angemeldet.",
  "sign_up.title": "Deine Liste an einem Ort",
  "sign_up.action": "Konto eröffnen",
  "sign_up.have_account": "Schon ein Konto?",
  "sign_up.password_hint": "Mindestens 12 Zeichen. Am besten ein Satz, den sonst niemand sagen würde.",
  "strength.label": "Wie schwer es zu erraten ist",
  "strength.short_one": "Es fehlt noch {count} Zeichen.",
  "strength.short_many": "Es fehlen noch {count} Zeichen.",
  "strength.weak": "Leicht zu erraten. Nimm noch ein, zwei Wörter, die nicht zusammengehören.",
  "strength.fair": "Geht. Ein Wort mehr macht es gut.",
  "strength.good": "Gut.",
};
