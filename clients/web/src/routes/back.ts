/** Where somebody was going before they had to sign in; every screen on the way hands it on. */
export function backTo(address = location.search): string | null {
  const to = new URLSearchParams(address).get("to");
  return isPlace(to) ? to : null;
}

/** Whether it is a place in this app: never an address of another site. */
export function isPlace(to: string | null): to is string {
  return to !== null && /^\/(?![/\\])/.test(to);
}

/** What to put behind the address of another welcome screen. */
export function onward(): string {
  const to = backTo();
  return to === null ? "" : `?${new URLSearchParams({ to })}`;
}
