"""The pages that links in messages lead to, where there is no web app to have them."""

from typing import Any

from litestar import MediaType, Request, Response, get

from entrypoints.http.contract import contract
from entrypoints.http.web.routes import LINKED, app_page

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>No Drake in the House</title>
<link rel="stylesheet" href="/links/follow.css">
<link rel="icon" href="data:,">
<script src="/links/follow.js" defer></script>
</head>
<body>
<main>
<h1 id="title">No Drake in the House</h1>
<p id="meaning">This page needs JavaScript; the message says how to do without.</p>
<form id="form" hidden>
<p id="choice" hidden>
<label for="password">New password</label>
<input id="password" type="password" autocomplete="new-password" minlength="12" maxlength="1024"
 aria-describedby="hint">
<small id="hint">At least 12 characters; a sentence is fine.</small>
</p>
<button id="do"></button>
</form>
<p id="outcome" role="status"></p>
</main>
</body>
</html>
"""
_STYLE = """body { margin: 0; padding: 10vh 1rem; font: 1rem/1.6 system-ui, sans-serif;
  color: #1c1b22; background: #fff }
main { max-width: 30rem; margin: 0 auto }
h1 { font-size: 1.5rem; line-height: 1.3 }
label, small, input { display: block; width: 100%; box-sizing: border-box }
input { margin: .25rem 0; padding: .6rem; font: inherit; border: 1px solid #76737f;
  border-radius: .5rem; color: inherit; background: transparent }
button { padding: .7rem 1.25rem; font: inherit; font-weight: 600; color: #fff;
  background: #5b2bd0; border: 0; border-radius: .5rem; cursor: pointer }
button:disabled { background: #76737f }
:focus-visible { outline: 3px solid #9d7bff; outline-offset: 2px }
@media (prefers-color-scheme: dark) { body { color: #f2f0f7; background: #17161c } }
"""
_SCRIPT = """const pages = {
  "/verify-email": ["Confirm your address", "Confirm that this address is yours.",
    "Confirm the address", "/api/v1/auth/email/verify", "Thank you, your address is confirmed."],
  "/reset-password": ["Choose a new password", "Everybody who is signed in will be signed out.",
    "Save the password", "/api/v1/auth/password/reset", "Done. You can sign in with it now."],
  "/confirm-email": ["Use this address", "Your account will have this address from now on.",
    "Use this address", "/api/v1/auth/email/confirm", "Done. This is your address now."],
  "/undo-email-change": ["Take the account back",
    "This address will count again, and everybody will be signed out.",
    "Take the account back", "/api/v1/auth/email/undo",
    "Done. A link to choose a new password is on its way to you."],
};
const at = (id) => document.getElementById(id);
const [title, meaning, action, path, done] = pages[location.pathname];
const token = new URLSearchParams(location.hash.slice(1)).get("token");
history.replaceState(null, "", location.pathname);
at("title").textContent = document.title = title;
at("meaning").textContent = meaning;
at("do").textContent = action;
const wantsPassword = path.endsWith("/reset");
at("choice").hidden = !wantsPassword;
at("password").required = wantsPassword;
at("form").hidden = !token;
if (!token) at("outcome").textContent = "The address of this page is not whole. Copy all of it.";
at("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  at("do").disabled = true;
  const body = wantsPassword ? { token, password: at("password").value } : { token };
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.ok) {
      at("form").hidden = true;
      at("outcome").textContent = done;
      return;
    }
    const problem = await answer.json();
    at("outcome").textContent = `${problem.title}. ${problem.detail}`;
  } catch {
    at("outcome").textContent = "The service does not answer. Try again in a moment.";
  }
  at("do").disabled = false;
});
"""


@get(LINKED, operation_id="getLinkPage", include_in_schema=False, opt=contract())
async def get_link_page_route(request: Request[Any, Any, Any]) -> Response[Any]:
    """A page that reads the secret behind ``#`` and asks before it does anything."""
    page = app_page(request)
    if page is not None:
        return page
    return Response(_PAGE, media_type=MediaType.HTML, headers={"content-security-policy": _POLICY})


@get(
    ["/links/follow.js", "/links/follow.css"],
    operation_id="getLinkPageAsset",
    include_in_schema=False,
    opt=contract(),
)
async def get_link_page_asset_route(request: Request[Any, Any, Any]) -> Response[str]:
    """Script and style of the page."""
    if request.url.path.endswith(".js"):
        return Response(_SCRIPT, media_type="text/javascript")
    return Response(_STYLE, media_type="text/css")


ROUTES = (get_link_page_route, get_link_page_asset_route)
