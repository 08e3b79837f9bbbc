// The page: signs in, shows what is on, buys. Text from the API becomes text, never markup.

import { SignedOut, createApi } from "./api.js";
import { currentToken, finishSignIn, forgetSession, signOut, startSignIn } from "./sign_in.js";

const element = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

const config = await (await fetch("/config.json")).json();
const api = createApi(config.apiUrl, currentToken);

function say(text) {
  element("message").textContent = text;
}

function render() {
  const signedIn = currentToken() !== null;
  for (const id of ["sign-out", "shows", "tickets"]) element(id).hidden = !signedIn;
  for (const id of ["sign-in", "welcome"]) element(id).hidden = signedIn;
}

/** Does something that may fail, and tells the member how it ended. */
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    if (error instanceof SignedOut) forgetSession();
    say(error.message);
    render();
  }
}

function showCard(show) {
  const card = element("show").content.cloneNode(true);
  card.querySelector("h3").textContent = show.title;
  card.querySelector("time").textContent = clock.format(new Date(show.starts_at));
  card.querySelector("time").dateTime = show.starts_at;
  card.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    buy(show, event.target);
  });
  return card;
}

function ticketCard(ticket) {
  const card = element("ticket").content.cloneNode(true);
  card.querySelector("strong").textContent = `Seat ${ticket.seat}`;
  card.querySelector("span").textContent = ticket.show_id;
  return card;
}

async function listShows() {
  const shows = await api.listShows(element("city").value);
  element("show-list").replaceChildren(...shows.map(showCard));
  if (shows.length === 0) say(`Nothing is on in ${element("city").value}.`);
}

async function listTickets() {
  element("ticket-list").replaceChildren(...(await api.listTickets()).map(ticketCard));
}

function buy(show, form) {
  const button = form.querySelector("button");
  button.disabled = true;
  return attempt(async () => {
    const ticket = await api.buyTicket(show.show_id, form.elements.seat.value);
    say(`Seat ${ticket.seat} of ${show.title} is yours.`);
    form.reset();
    await listTickets();
  }).finally(() => {
    button.disabled = false;
  });
}

element("city").replaceChildren(...config.cities.map((city) => new Option(city)));
element("city").addEventListener("change", () => {
  say("");
  attempt(listShows);
});
element("sign-in").addEventListener("click", () => attempt(() => startSignIn(config)));
element("sign-out").addEventListener("click", () => signOut(config));

await attempt(() => finishSignIn(config));
render();
if (currentToken()) await attempt(() => Promise.all([listShows(), listTickets()]));
