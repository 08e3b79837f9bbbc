// The REST API, one function a call. Every error that leaves here has a message for the member.

/** The member's token is missing or no longer taken. */
export class SignedOut extends Error {}

export function createApi(apiUrl, currentToken, send = (...call) => fetch(...call)) {
  async function call(method, path, body) {
    const token = currentToken();
    if (!token) throw new SignedOut("Please sign in.");
    const headers = { authorization: `Bearer ${token}` };
    if (body) headers["content-type"] = "application/json";
    let answer;
    try {
      answer = await send(apiUrl + path, { method, headers, body: body && JSON.stringify(body) });
    } catch {
      throw new Error("The service cannot be reached. Please try again.");
    }
    if (answer.status === 401) throw new SignedOut("Your sign-in has ended. Please sign in again.");
    if (!answer.ok) throw new Error(await reason(answer));
    return answer.json();
  }

  return {
    listShows: (city) => call("GET", `/shows?${new URLSearchParams({ city })}`),
    buyTicket: (showId, seat) => call("POST", "/tickets", { show_id: showId, seat }),
    listTickets: () => call("GET", "/tickets"),
  };
}

// What the functions say about conflicts and missing things is meant for people; the rest is not.
async function reason(answer) {
  if (answer.status === 404 || answer.status === 409) {
    const { message } = await answer.json();
    return message;
  }
  if (answer.status === 429) return "Too many people are buying right now. Please wait a moment.";
  if (answer.status === 400 || answer.status === 422) return "That does not look right. A seat is written like B12.";
  return "Something went wrong. Please try again.";
}
