// The page of a panel: its card asks for a new token before every request.

const card = document.querySelector("airalo-balance");

// docs:headers
card.headers = async () => {
  const answer = await fetch("/widget-token");
  // Where the session is over, a panel refuses this or leads to its login.
  if (!answer.ok || answer.redirected) throw new Error("not signed in");
  return { Authorization: `Bearer ${await answer.text()}` };
};
// docs:end
