/* In session: learns every few seconds whether something happened, and sends a vote again until it arrives. */
const EVERY_MS = 4000;
let news, said;
find();
let typed = false;
let isSending = false;

if (news) {
  document.addEventListener("input", (event) => { typed ||= event.target.closest("[data-live]") !== null; });
  setInterval(look, EVERY_MS);
}
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-vote]")) send(event);
});

function find() {
  news = document.querySelector("[data-news]");
  said = news?.querySelector("[data-said]");
}

async function look() {
  if (document.hidden || isSending) return;
  try {
    const answer = await fetch(news.dataset.news, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    const { digest } = await answer.json();
    if (digest === news.dataset.digest) say("");
    else if (typed || isBusy() || !(await renew(digest))) say(said.dataset.new);
  } catch {
    say(said.dataset.offline);
  }
}

/* Somebody is writing, has opened a fold, or stands on a button: nothing moves under their hands. */
function isBusy() {
  const live = document.querySelector("[data-live]");
  return live.contains(document.activeElement) || live.querySelector("details[open]") !== null;
}

/* Puts what is new in place of what was shown. */
async function renew(digest) {
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  if (!fresh) return false;
  document.querySelector("[data-live]").replaceWith(document.importNode(fresh, true));
  news.dataset.digest = digest;
  return true;
}

function say(words) {
  if (said.textContent !== words) said.textContent = words;
}

/* Sent twice, a vote counts once: it may be sent until an answer comes. */
async function send(event) {
  const form = event.target;
  const vote = new FormData(form, event.submitter);
  event.preventDefault();
  isSending = true;
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  for (;;) {
    try {
      const answer = await fetch(form.action, { method: "POST", body: vote, redirect: "manual" });
      if (answer.type === "opaqueredirect") location.reload();
      else if (answer.status < 500) await show(answer);
      else throw new Error(answer.statusText);
      return;
    } catch {
      say(said.dataset.sending);
      await new Promise((done) => { setTimeout(done, EVERY_MS / 2); });
    }
  }
}

/* What was refused says why, in place of the page. */
async function show(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = document.importNode(page.querySelector("main"), true);
  document.querySelector("main").replaceWith(main);
  main.focus();
  find();
  isSending = false;
}
