import { navigate } from "../router";

/** Back to where somebody was before signing in; only to places within the app. */
export function comeBack(to: unknown): void {
  const isInside = typeof to === "string" && /^\/(?![/\\])/.test(to);
  if (isInside) location.replace(to);
  else void navigate("/", { replace: true });
}
