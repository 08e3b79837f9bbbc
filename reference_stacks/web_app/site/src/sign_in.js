// Sign-in at the user pool's hosted page: authorization code flow with PKCE (RFC 7636). No secret, no token in a URL.

const SCOPES = "openid email web/shows.read web/tickets.read web/tickets.buy";
const STARTED = "sign-in-started";
const SESSION = "session";

export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export async function challengeOf(verifier) {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(48)));
}

export function authorizationUrl(config, home, state, challenge) {
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: config.clientId,
    redirect_uri: home,
    scope: SCOPES,
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  return `${config.signInUrl}/oauth2/authorize?${asked}`;
}

export async function startSignIn(config) {
  const started = { state: random(), verifier: random() };
  sessionStorage.setItem(STARTED, JSON.stringify(started));
  location.assign(authorizationUrl(config, home(), started.state, await challengeOf(started.verifier)));
}

/** Takes the code that the hosted page sent along, if any. Throws an Error that a person can read. */
export async function finishSignIn(config) {
  const brought = new URLSearchParams(location.search);
  if (!brought.has("code") && !brought.has("error")) return;
  const started = JSON.parse(sessionStorage.getItem(STARTED) ?? "{}");
  sessionStorage.removeItem(STARTED);
  history.replaceState(null, "", "/");
  // A code that this page did not ask for could sign a person in as somebody else.
  if (!started.state || brought.get("state") !== started.state) {
    throw new Error("This sign-in was not started here. Please sign in again.");
  }
  if (brought.has("error")) {
    throw new Error("You were not signed in. Please try again.");
  }
  const answer = await fetch(`${config.signInUrl}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: config.clientId,
      redirect_uri: home(),
      code: brought.get("code"),
      code_verifier: started.verifier,
    }),
  });
  if (!answer.ok) throw new Error("The sign-in could not be finished. Please try again.");
  const tokens = await answer.json();
  const session = { token: tokens.access_token, endsAt: Date.now() + tokens.expires_in * 1000 };
  sessionStorage.setItem(SESSION, JSON.stringify(session));
}

/** The access token of the signed-in member; null when there is none or when it has ended. */
export function currentToken() {
  const session = JSON.parse(sessionStorage.getItem(SESSION) ?? "null");
  return session && session.endsAt > Date.now() ? session.token : null;
}

export function forgetSession() {
  sessionStorage.removeItem(SESSION);
}

export function signOut(config) {
  forgetSession();
  const asked = new URLSearchParams({ client_id: config.clientId, logout_uri: home() });
  location.assign(`${config.signInUrl}/logout?${asked}`);
}

function home() {
  return `${location.origin}/`;
}
