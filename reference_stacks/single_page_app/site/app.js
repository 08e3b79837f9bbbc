// The page: what is on in a city, a ticket, and one's own tickets. All text from the API is set as text, never as HTML.

import { accessToken, finishSignIn, signIn, signOut } from "./sign_in.js";

const element = (id) => document.getElementById(id);

function say(text) {
  element("message").textContent = text;
}

async function call(path, options = {}) {
  const token = accessToken();
  if (!token) {
    showSignedOut();
    throw new Error("Please sign in.");
  }
  const answer = await fetch(`/api${path}`, {
    ...options,
    headers: { Accept: "application/json", Authorization: `Bearer ${token}`, ...options.headers },
  });
  if (answer.status === 401) {
    signOut();
    showSignedOut();
    throw new Error("Please sign in again.");
  }
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.message ?? body.Message ?? `The API answered ${answer.status}.`);
  }
  return body;
}

// Runs what a person has asked for and says what went wrong.
async function attempt(action) {
  say("");
  try {
    await action();
  } catch (error) {
    say(error.message);
  }
}

async function listShows(city) {
  const shows = await call(`/shows?city=${encodeURIComponent(city)}`);
  element("shows").replaceChildren(...shows.map(showAsItem));
  if (shows.length === 0) {
    say(`Nothing is on in ${city}.`);
  }
}

function showAsItem(show) {
  const item = element("show").content.firstElementChild.cloneNode(true);
  item.querySelector("[data-title]").textContent = show.title;
  const starts = item.querySelector("[data-starts]");
  starts.dateTime = show.starts_at;
  starts.textContent = new Date(show.starts_at).toLocaleString();
  item.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const seat = new FormData(event.target).get("seat");
    attempt(() => buy(show, seat));
  });
  return item;
}

async function buy(show, seat) {
  await call("/tickets", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ show_id: show.show_id, seat }),
  });
  await listTickets();
  say(`Seat ${seat} of ${show.title} is yours.`);
}

async function listTickets() {
  const tickets = await call("/tickets");
  const items = tickets.map((ticket) => {
    const item = document.createElement("li");
    item.textContent = `${ticket.show_id}, seat ${ticket.seat}`;
    return item;
  });
  element("tickets").replaceChildren(...items);
}

function showSignedIn() {
  for (const id of ["search", "mine", "sign-out"]) {
    element(id).hidden = false;
  }
  element("sign-in").hidden = true;
}

function showSignedOut() {
  for (const id of ["search", "mine", "sign-out"]) {
    element(id).hidden = true;
  }
  element("shows").replaceChildren();
  element("sign-in").hidden = false;
}

element("sign-in").addEventListener("click", () => attempt(signIn));
element("sign-out").addEventListener("click", () => {
  signOut();
  showSignedOut();
});
element("search").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => listShows(new FormData(event.target).get("city").trim()));
});

await attempt(async () => {
  showSignedOut();
  await finishSignIn();
  if (accessToken()) {
    showSignedIn();
    await listTickets();
  }
});
