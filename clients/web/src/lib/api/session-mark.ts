/** Whether this browser may have a session: what opens it is in a cookie that no script can read. */
export function mayHaveSession(): boolean {
  return /(?:^|;\s*)nodrake-session=1(?:;|$)/.test(document.cookie);
}
