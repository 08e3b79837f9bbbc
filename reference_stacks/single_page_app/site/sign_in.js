// Sign-in at the third party by the authorization code flow with PKCE (RFC 6749, RFC 7636). The token lives in this
// page's memory alone, so that no script of another page, and no later visitor of this browser, finds it.

let token = null;
let ends = 0;

const config = fetch("config.json").then((answer) => answer.json());

export function accessToken() {
  return token && Date.now() < ends ? token : null;
}

export function signOut() {
  token = null;
}

export async function signIn() {
  const { authorizeUrl, clientId, audience, scope } = await config;
  const verifier = random();
  const state = random();
  sessionStorage.setItem("sign-in", JSON.stringify({ verifier, state }));
  const address = new URL(authorizeUrl);
  address.search = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: here(),
    audience,
    scope,
    state,
    code_challenge: await challenge(verifier),
    code_challenge_method: "S256",
  });
  location.assign(address);
}

// Takes the code that the third party has sent back with the address, once, and only if we had asked for it.
export async function finishSignIn() {
  const answer = new URLSearchParams(location.search);
  const asked = JSON.parse(sessionStorage.getItem("sign-in") ?? "null");
  sessionStorage.removeItem("sign-in");
  if (!answer.has("state")) {
    return;
  }
  history.replaceState(null, "", here());
  if (!asked || answer.get("state") !== asked.state || !answer.has("code")) {
    throw new Error("The sign-in was not completed; please try again.");
  }
  const { tokenUrl, clientId } = await config;
  const response = await fetch(tokenUrl, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: clientId,
      redirect_uri: here(),
      code: answer.get("code"),
      code_verifier: asked.verifier,
    }),
  });
  if (!response.ok) {
    throw new Error("The sign-in was refused; please try again.");
  }
  const tokens = await response.json();
  token = tokens.access_token;
  ends = Date.now() + (tokens.expires_in ?? 300) * 1000;
}

function here() {
  return `${location.origin}/`;
}

function random() {
  return encoded(crypto.getRandomValues(new Uint8Array(32)));
}

async function challenge(verifier) {
  return encoded(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function encoded(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
