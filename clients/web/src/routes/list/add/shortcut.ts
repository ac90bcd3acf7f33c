/**
 * Whether Ctrl+K, or ⌘K, is meant for the box: not where a dialog is open. Never a letter alone, which
 * whoever speaks to the computer would press without meaning to (WCAG 2.1.4).
 */
export function isForTheBox(event: KeyboardEvent): boolean {
  const isCall = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (event.defaultPrevented || !isCall || event.key.toLowerCase() !== "k") return false;
  return document.querySelector("dialog[open]") === null;
}
