/** Texts, dates and numbers in the language of the reader. */
import { en, type Key, type Messages } from "./en";

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

function isLanguage(code: string): code is Language {
  return code in LANGUAGES;
}

class Locale {
  language = $state<Language>("en");
  #messages = $state.raw<Messages>(en);

  /** The language that the browser asks for, until the account says which. */
  async start(): Promise<void> {
    const wanted = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
    if (wanted !== undefined) await this.use(wanted);
  }

  /** Other languages than English are loaded when they are wanted. */
  async use(language: string): Promise<void> {
    const code = language.slice(0, 2);
    if (!isLanguage(code)) return;
    this.#messages = code === "de" ? (await import("./de")).de : en;
    this.language = code;
    document.documentElement.lang = code;
    document.documentElement.dir = RIGHT_TO_LEFT.has(code) ? "rtl" : "ltr";
  }

  /** A text, with `{names}` filled in. */
  text(key: Key, values: Record<string, string | number> = {}): string {
    return this.#messages[key].replace(/\{(\w+)\}/g, (whole, name: string) =>
      name in values ? this.#shown(values[name]!) : whole,
    );
  }

  #shown(value: string | number): string {
    return typeof value === "number" ? new Intl.NumberFormat(this.language).format(value) : value;
  }

  /** The language as it is written where the reader is: dates of en-GB are not those of en-US. */
  get #place(): string {
    return navigator.languages.find((tag) => tag.startsWith(this.language)) ?? this.language;
  }

  date(iso: string): string {
    return new Intl.DateTimeFormat(this.#place, { dateStyle: "medium" }).format(new Date(iso));
  }

  time(iso: string): string {
    return new Intl.DateTimeFormat(this.#place, { timeStyle: "short" }).format(new Date(iso));
  }

  /** 1.2 kB, 3.4 MB. */
  size(bytes: number): string {
    const unit = bytes < 1e6 ? "kilobyte" : "megabyte";
    const style = { style: "unit", unit, maximumFractionDigits: 1 } as const;
    return new Intl.NumberFormat(this.language, style).format(bytes / (bytes < 1e6 ? 1e3 : 1e6));
  }

  moment(iso: string): string {
    const style = { dateStyle: "medium", timeStyle: "short" } as const;
    return new Intl.DateTimeFormat(this.#place, style).format(new Date(iso));
  }
}

export const locale = new Locale();
/** Whether there is a text by this name. */
export const isKey = (name: string): name is Key => name in en;
export const t = (key: Key, values?: Record<string, string | number>) => locale.text(key, values);
export type { Key };
